import type { RetestVerdict } from '../cases/event.ts';

/** How much a replay may do by itself. A person may allow more. Objects of people who are not our own identities are never asked for. */
export interface ReplayLimits {
  readonly maxRequests: number;
}

/** What a proof that arrives may do before a person has seen it. */
export const UNSEEN: ReplayLimits = { maxRequests: 20 };
/** What a proof may do that a person has started, or that has run before. */
export const SEEN: ReplayLimits = { maxRequests: 2_000 };

export interface Replayed {
  readonly verdict: RetestVerdict;
  readonly why: string;
  readonly requests: number;
}

/** Runs one proof (JSON of our schema) with our own identities against hosts in scope. Never throws for a proof or an API. */
export type ReplayProof = (proof: string, limits: ReplayLimits) => Promise<Replayed | { readonly needsPerson: string }>;

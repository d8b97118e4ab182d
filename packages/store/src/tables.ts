import type { Generated } from 'kysely';

/** One case. `party`, `dueMs` and `wakeMs` are derived from its events, and kept for lists; the events are the truth. */
export interface CaseRow {
  readonly id: string;
  /** SHA-256 of the reporter's return key, in hex. */
  readonly keyHash: string;
  readonly openedMs: number;
  readonly title: string;
  /** The party whose turn it is; null when the case is closed. */
  readonly party: string | null;
  readonly dueMs: number | null;
  /** When a clock of the case next needs attention; null: never. */
  readonly wakeMs: number | null;
  /** Higher ones are listed first among equal due times. */
  readonly priority: number;
  /** How many events the case has. */
  readonly events: number;
}

/** One event of a case: `n` counts from 1. Rows are never changed nor removed: triggers refuse it. */
export interface EventRow {
  readonly caseId: string;
  readonly n: number;
  readonly atMs: number;
  readonly kind: string;
  readonly actor: string;
  /** JSON. */
  readonly body: string;
}

export interface FileRow {
  readonly id: string;
  readonly caseId: string;
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly content: Uint8Array;
}

/** A proof as it is kept: redacted. `runnable` is 1 for proofs of our own schema. */
export interface ProofRow {
  readonly id: string;
  readonly caseId: string;
  readonly format: string;
  readonly body: string;
  readonly runnable: number;
  readonly addedMs: number;
}

/** A finding that a case is about: the id of its record. */
export interface FindingRow {
  readonly caseId: string;
  readonly finding: string;
}

/** A message to be sent. It is written in the transaction of the event that causes it. */
export interface OutboxRow {
  readonly id: string;
  readonly caseId: string | null;
  readonly sink: string;
  readonly target: string;
  /** JSON. */
  readonly body: string;
  readonly madeMs: number;
  readonly nextMs: number;
  readonly attempts: number;
  readonly state: 'queued' | 'sent' | 'failed';
  readonly error: string | null;
}

export interface StaffRow {
  readonly name: string;
  readonly role: string;
  readonly keyHash: string;
  readonly mail: string | null;
}

export interface SessionRow {
  readonly tokenHash: string;
  readonly staff: string;
  readonly untilMs: number;
}

/** A channel of intake, and when a person last opened it. */
export interface ChannelRow {
  readonly name: string;
  readonly openedMs: number;
  readonly alarmedMs: number | null;
}

/** A person who is owed a notice. `person` is a token of the ledger, never an id. */
export interface NoticeRow {
  readonly caseId: string;
  readonly person: string;
  readonly state: 'owed' | 'told' | 'bounced';
  readonly atMs: number;
  readonly how: string | null;
}

export interface Tables {
  readonly cases: CaseRow;
  readonly events: EventRow & { readonly seq: Generated<number> };
  readonly files: FileRow;
  readonly proofs: ProofRow;
  readonly findings: FindingRow;
  readonly outbox: OutboxRow;
  readonly staff: StaffRow;
  readonly sessions: SessionRow;
  readonly channels: ChannelRow;
  readonly notices: NoticeRow;
  readonly settings: { readonly name: string; readonly value: string };
}

/** Every table, in an order in which rows can be restored. */
export const TABLES = [
  'cases',
  'events',
  'files',
  'proofs',
  'findings',
  'outbox',
  'staff',
  'sessions',
  'channels',
  'notices',
  'settings',
] as const satisfies readonly (keyof Tables)[];

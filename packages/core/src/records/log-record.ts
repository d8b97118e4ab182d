import { LeakproofError } from '../errors.ts';
import type { EpochMs } from '../wire/exchange.ts';
import { decodeUtf8 } from '../wire/json.ts';
import type { AccessFact, FactGroup } from './access-fact.ts';
import { isKnown, type OwnerRef, type Principal } from '../rules/principal.ts';

/**
 * A keyed function of an id: stable for one ledger, not invertible without its key. The caller reuses the argument
 * after the call: copy what must be kept.
 */
export type Tokenize = (ref: OwnerRef) => string;

/** A group of access facts as written: owners are tokens. */
export type TokenizedFacts = Omit<AccessFact, 'owner'> & {
  /** The kind of all of them. */
  readonly owner: string;
  /** One for each fact; an owner with two facts occurs twice. */
  readonly tokens: readonly string[];
};

/** What one response discloses, written before it is released. */
export interface AccessRecord {
  readonly type: 'access';
  readonly time: EpochMs;
  /** Unique in one log. */
  readonly request: string;
  readonly server: string;
  readonly operation: string;
  readonly principal: { readonly kind: string; readonly token?: string };
  /** Digest of the contract in force. */
  readonly contract: string;
  readonly mode: 'enforce' | 'monitor';
  readonly facts: readonly TokenizedFacts[];
}

/** How some responses ended, up to that time. A request without an end was cut off by a crash, or has just ended. */
export interface EndRecord {
  readonly type: 'end';
  readonly time: EpochMs;
  readonly requests: readonly string[];
  readonly ended: 'complete' | 'cut-off';
}

/** A request or response that was refused: nothing was disclosed. */
export interface RefusalRecord {
  readonly type: 'refusal';
  readonly time: EpochMs;
  readonly request: string;
  readonly server: string | undefined;
  readonly operation: string | undefined;
  readonly principal: { readonly kind: string; readonly token?: string };
  readonly code: string;
}

/** A response that passed without being judged (`monitor`). */
export interface GapRecord {
  readonly type: 'gap';
  readonly time: EpochMs;
  readonly request: string;
  readonly code: string;
}

export type LogRecord = AccessRecord | EndRecord | RefusalRecord | GapRecord;

/** Replaces the ids of facts by tokens. */
export function tokenizeFacts(groups: readonly FactGroup[], tokenize: Tokenize): TokenizedFacts[] {
  return groups.map(({ ids, owner: { kind, space }, ...rest }) => {
    const owner = { kind, space, id: '' };
    const tokens = ids.map((id) => {
      owner.id = id;
      return tokenize(owner);
    });
    return { ...rest, owner: kind, tokens };
  });
}

export function tokenizePrincipal(principal: Principal, tokenize: Tokenize): AccessRecord['principal'] {
  if (!isKnown(principal)) return { kind: principal.kind };
  return { kind: principal.kind, token: tokenize({ kind: principal.ids, space: principal.space, id: principal.id }) };
}

/** How many facts a record holds. */
export function countFactsIn(record: LogRecord): number {
  let count = 0;
  if (record.type === 'access') for (const { tokens } of record.facts) count += tokens.length;
  return count;
}

const KINDS = new Set(['access', 'end', 'refusal', 'gap']);

/** Decodes a record. Throws LP-RECORD-INVALID: checksums were checked before, so another version wrote it. */
export function decodeRecord(bytes: Uint8Array): LogRecord {
  const value = valueOf(bytes);
  if (isOfKnownKind(value) && isWhole(value)) return value as LogRecord;
  throw new LeakproofError('LP-RECORD-INVALID', 'A record of the log is of no kind this version knows.');
}

function isOfKnownKind(value: unknown): value is { readonly type: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    KINDS.has(value.type)
  );
}

function isWhole(record: { readonly type: string }): boolean {
  if (record.type === 'access') return holdsFacts(record);
  return record.type !== 'end' || ('requests' in record && isTexts(record.requests));
}

const SETS = ['relations', 'states', 'seen', 'exposed', 'withheld', 'tokens'] as const;

/** Accounts rely on this check: facts in another form would be missed silently. */
function holdsFacts(record: object): boolean {
  return (
    'facts' in record &&
    Array.isArray(record.facts) &&
    record.facts.every((facts: Partial<TokenizedFacts> | null) => {
      if (typeof facts?.owner !== 'string' || typeof facts.resource !== 'string') return false;
      if (!Number.isSafeInteger(facts.undeclared)) return false;
      return SETS.every((name) => isTexts(facts[name]));
    })
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function valueOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (cause) {
    throw new LeakproofError('LP-RECORD-INVALID', 'A record of the log is no JSON.', { cause });
  }
}

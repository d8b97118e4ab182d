import { LeakproofError } from '../errors.ts';
import type { EpochMs } from '../wire/exchange.ts';
import { decodeUtf8 } from '../wire/json.ts';
import type { AccessFact } from './fact.ts';
import type { OwnerRef, Principal } from './principal.ts';
import { isKnown } from './principal.ts';

/** A keyed function of an owner's or a principal's id: stable for one ledger, not to be turned back without its key. */
export type Tokenize = (ref: OwnerRef) => string;

/** An access fact as it is written: the owner is a token. */
export type WrittenFact = Omit<AccessFact, 'owner'> & {
  readonly owner: { readonly kind: string; readonly token: string };
};

/** What one response gave away, written before it was released. */
export interface AccessRecord {
  readonly is: 'access';
  readonly time: EpochMs;
  /** Unique in one log. */
  readonly request: string;
  readonly server: string;
  readonly operation: string;
  readonly principal: { readonly kind: string; readonly token?: string };
  /** Digest of the contract that ruled. */
  readonly contract: string;
  readonly mode: 'enforce' | 'monitor';
  readonly facts: readonly WrittenFact[];
}

/** How the release of a response ended; a request without one was cut off by a crash. */
export interface EndRecord {
  readonly is: 'end';
  readonly time: EpochMs;
  readonly request: string;
  readonly ended: 'complete' | 'cut-off';
}

/** A request that was not let through, or a response that was not released: nothing was given away. */
export interface RefusalRecord {
  readonly is: 'refusal';
  readonly time: EpochMs;
  readonly request: string;
  readonly server: string | undefined;
  readonly operation: string | undefined;
  readonly principal: { readonly kind: string; readonly token?: string };
  readonly code: string;
}

/** Something went past that could not be judged (`monitor`). */
export interface GapRecord {
  readonly is: 'gap';
  readonly time: EpochMs;
  readonly request: string;
  readonly code: string;
}

export type LogRecord = AccessRecord | EndRecord | RefusalRecord | GapRecord;

/** Replaces the ids of facts and principal by tokens. */
export function writtenFacts(facts: readonly AccessFact[], tokenize: Tokenize): WrittenFact[] {
  return facts.map((fact) => ({ ...fact, owner: { kind: fact.owner.kind, token: tokenize(fact.owner) } }));
}

export function writtenPrincipal(principal: Principal, tokenize: Tokenize): AccessRecord['principal'] {
  if (!isKnown(principal)) return { kind: principal.kind };
  return { kind: principal.kind, token: tokenize({ kind: principal.ids, space: principal.space, id: principal.id }) };
}

/** One record as bytes for the log. */
export function encodeRecord(record: LogRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

const KINDS = new Set(['access', 'end', 'refusal', 'gap']);

/** A record from the log. Throws LP-RECORD-INVALID: the log's checksums held, so another version wrote it. */
export function decodeRecord(bytes: Uint8Array): LogRecord {
  const value = valueOf(bytes);
  if (
    typeof value === 'object' &&
    value !== null &&
    'is' in value &&
    typeof value.is === 'string' &&
    KINDS.has(value.is)
  ) {
    return value as LogRecord;
  }
  throw new LeakproofError('LP-RECORD-INVALID', 'A record of the log is of no kind this version knows.');
}

function valueOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (cause) {
    throw new LeakproofError('LP-RECORD-INVALID', 'A record of the log is no JSON.', { cause });
  }
}

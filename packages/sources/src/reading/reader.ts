import type { Exchange, Provenance } from '@leakproof/core';
import type { ByteSource } from './bytes/byte-source.ts';
import type { DeclaredOperation } from './declared-operation.ts';
import type { RejectCode } from './reject-codes.ts';

/** Something passed over: why, where, how often. What it takes away is `REJECT_CODES[code].loses`. */
export interface Reject {
  readonly kind: 'reject';
  readonly code: RejectCode;
  readonly where: Provenance;
  readonly count: number;
}

/**
 * One thing read. An `exchange` holds headers and bodies as the source has them, credentials and personal data included: it
 * lives in memory and is never written as it is.
 */
export type Reading =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'operation'; readonly operation: DeclaredOperation }
  | Reject;

/** The bytes of a document another one refers to, or undefined if it cannot be had. `from` names the referring document. */
export type FetchRef = (uri: string, from: string) => Promise<Uint8Array | undefined>;

/** All optional; a reader ignores what does not concern it. */
export interface ReadOptions {
  /** Key of the callers' fingerprints, so that runs can be compared. Default: random, new for each process. */
  readonly fingerprintKey?: Uint8Array | undefined;
  /** A name a person gave to whoever made this capture. */
  readonly identity?: string | undefined;
  /** Follows external `$ref`s. Default: they are rejected as `ref-external`. */
  readonly externalRefs?: FetchRef | undefined;
  /** Origin of access-log lines that do not name one. Default: scheme `http` and an empty authority, which means unknown. */
  readonly origin?: { readonly scheme: 'http' | 'https'; readonly authority: string } | undefined;
  /** The `log_format` of an nginx log, as it stands between its quotes. */
  readonly logFormat?: string | undefined;
  /** Values of `{{variables}}` of a collection, over its own. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Largest entry, line or message read, in bytes; default 64 MiB. */
  readonly maxItemBytes?: number | undefined;
  /** Largest document that has to be read as a whole (a description, a collection), in bytes; default 256 MiB. */
  readonly maxDocumentBytes?: number | undefined;
  /** Most properties listed of one declared body; default 2,000. */
  readonly maxFields?: number | undefined;
}

/**
 * A reader of one format. It never throws for what the bytes are: whatever it passes over comes back as a reject. Memory is
 * bounded by the options, not by the size of the input, except for documents that are read as a whole.
 */
export interface Reader {
  /** The name of its folder. */
  readonly id: string;
  readonly title: string;
  /** With the dot, lower case; the most usual first. */
  readonly extensions: readonly string[];
  /** What it yields, rejects apart. */
  readonly yields: 'exchanges' | 'operations';
  /** How sure it is, 0 to 1, that a source which begins with `head` (up to 64 KiB) is of its format. */
  recognises(head: Uint8Array, fileName: string): number;
  /** Readings in order, in batches (about one for each piece of input), so that a million lines are not a million promises. */
  read(input: ByteSource, options?: ReadOptions): AsyncIterable<readonly Reading[]>;
}

import type { Exchange, Provenance } from '@leakproof/core';
import type { ByteSource } from './bytes/byte-source.ts';
import type { DeclaredOperation } from './declared-operation.ts';
import type { RejectCode } from './reject-codes.ts';

/** What could not be read: why, where, how often. `REJECT_CODES[code].loses` says how much was lost. */
export interface Reject {
  readonly type: 'reject';
  readonly code: RejectCode;
  readonly where: Provenance;
  readonly count: number;
}

/** By index of a path segment: the name of the parameter, if the source says that the segment is the value of one. */
export type PathVariables = readonly (string | undefined)[];

/**
 * One result of a reader. An `exchange` contains headers and bodies as in the source, with credentials and personal data: keep it in
 * memory, and do not write it as it is.
 */
export type Reading =
  | { readonly type: 'exchange'; readonly exchange: Exchange; readonly pathVariables?: PathVariables | undefined }
  | { readonly type: 'operation'; readonly operation: DeclaredOperation }
  | Reject;

/** The bytes of a referenced document, or undefined if it is not available. `from`: the document with the reference. */
export type FetchRef = (uri: string, from: string) => Promise<Uint8Array | undefined>;

/** A reader ignores options that do not apply to it. */
export interface ReadOptions {
  /** Key of the fingerprints of callers, so that runs can be compared. Default: random for each process. */
  readonly fingerprintKey?: Uint8Array | undefined;
  /** A name for the caller in this capture. */
  readonly identity?: string | undefined;
  /** Loads external `$ref`s. Default: they are rejected as `ref-external`. */
  readonly externalRefs?: FetchRef | undefined;
  /** Origin of access-log lines without one. Default: scheme `http` and an empty authority, which means unknown. */
  readonly origin?: { readonly scheme: 'http' | 'https'; readonly authority: string } | undefined;
  /** The `log_format` of an nginx log, without its quotes. */
  readonly logFormat?: string | undefined;
  /** Values of `{{variables}}` of a collection; they take precedence over its own. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Largest entry, line or message read, in bytes; default 64 MiB. */
  readonly maxItemBytes?: number | undefined;
  /** Largest document that is read as a whole (a description, a collection), in bytes; default 256 MiB. */
  readonly maxDocumentBytes?: number | undefined;
  /** Most properties of one declared body; default 2,000. */
  readonly maxFields?: number | undefined;
}

/**
 * A reader of one format. No bytes make it throw: what it cannot read is a reject. Memory is bounded by the options, not by the size
 * of the input, except for documents that are read as a whole.
 */
export interface Reader {
  /** The name of its folder. */
  readonly id: string;
  readonly title: string;
  /** With the dot, in lower case; the most common first. */
  readonly extensions: readonly string[];
  /** What it yields, besides rejects. */
  readonly yields: 'exchanges' | 'operations';
  /** Confidence, 0 to 1, that a source that begins with `head` (up to 64 KiB) is of this format. */
  recognises(head: Uint8Array, fileName: string): number;
  /** Readings in order, in batches (about one for each piece of input), so that there is not one promise for each reading. */
  read(input: ByteSource, options?: ReadOptions): AsyncIterable<readonly Reading[]>;
}

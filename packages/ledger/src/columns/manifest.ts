import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import type { ReadPosition } from '@leakproof/log';
import type { OpenRequests } from './stage.ts';

/** One file of columns. `path` is relative to the folder of the columns. */
export interface ColumnFile {
  readonly path: string;
  readonly kind: 'facts' | 'events' | 'owners';
  /** UTC, `2021-05-05`. */
  readonly day: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** Microseconds since 1970 of the first and last row; 0 for an owner index. */
  readonly fromUs: number;
  readonly toUs: number;
}

export interface RolledSegment {
  readonly writer: string;
  readonly segment: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was done to the columns. Each line of the manifest holds one, chained by hashes. */
export type ManifestEntry =
  | {
      readonly do: 'roll';
      readonly add: readonly ColumnFile[];
      readonly segments: readonly RolledSegment[];
      readonly writers: Readonly<Record<string, ReadPosition>>;
      readonly open: OpenRequests;
    }
  | { readonly do: 'merge'; readonly add: readonly ColumnFile[]; readonly remove: readonly string[] }
  | { readonly do: 'expire'; readonly remove: readonly string[]; readonly beforeDay: string }
  | {
      readonly do: 'rewrite';
      readonly why: 'erase' | 'rotate';
      readonly add: readonly ColumnFile[];
      readonly remove: readonly string[];
      readonly hashes: readonly { readonly old: string; readonly new: string | null }[];
      readonly rows: number;
    }
  | { readonly do: 'hold'; readonly name: string; readonly fromDay: string; readonly toDay: string }
  | { readonly do: 'release'; readonly name: string }
  | { readonly do: 'mark'; readonly principal: string; readonly as: 'reporter' | 'scanner' }
  | { readonly do: 'reveal'; readonly token: string; readonly reason: string; readonly found: boolean }
  | { readonly do: 'export'; readonly what: string; readonly sha256: string; readonly rows: number }
  | { readonly do: 'rotate-begin'; readonly oldKey: string; readonly newKey: string }
  | { readonly do: 'rotate-end'; readonly oldKey: string; readonly newKey: string; readonly unmapped: number };

export type ManifestLine = ManifestEntry & {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** SHA-256 of the line before; 64 zeros at the start. */
  readonly previous: string;
};

export interface Manifest {
  readonly lines: readonly ManifestLine[];
  /** SHA-256 of the last line. */
  readonly head: string;
  /** Position of the first byte that does not belong to the chain. */
  readonly broken: { readonly offset: number; readonly why: 'torn' | 'chain' } | undefined;
}

const START = '0'.repeat(64);

export function columnsFolder(directory: string): string {
  return join(directory, 'columns');
}

function manifestPath(directory: string): string {
  return join(columnsFolder(directory), 'manifest.ndjson');
}

/** Reads the manifest as far as its chain holds. An absent one is empty. */
export function readManifest(directory: string): Manifest {
  const bytes = readOrEmpty(manifestPath(directory));
  const lines: ManifestLine[] = [];
  let head = START;
  for (let offset = 0; offset < bytes.length;) {
    const end = bytes.indexOf(10, offset);
    if (end < 0) return { lines, head, broken: { offset, why: 'torn' } };
    const text = bytes.subarray(offset, end);
    const line = parseLine(text);
    if (line === undefined || line.previous !== head || line.number !== lines.length + 1)
      return { lines, head, broken: { offset, why: 'chain' } };
    lines.push(line);
    head = sha256(text);
    offset = end + 1;
  }
  return { lines, head, broken: undefined };
}

/**
 * Appends an entry and syncs it. The caller holds the lock. A torn last line, which a crash left, is removed first; throws
 * LP-LEDGER-DAMAGED if the chain is broken before its end.
 */
export function appendToManifest(directory: string, entry: ManifestEntry, nowMs: number): void {
  const { lines, head, broken } = readManifest(directory);
  const path = manifestPath(directory);
  if (broken?.why === 'chain')
    throw new LeakproofError('LP-LEDGER-DAMAGED', `The chain of the manifest is broken at byte ${broken.offset}.`, {
      where: { file: path },
    });
  const file = openSync(path, broken ? 'r+' : 'a', 0o600);
  try {
    if (broken) ftruncateSync(file, broken.offset);
    const line: ManifestLine = { number: lines.length + 1, time: nowMs, previous: head, ...entry };
    writeSync(file, `${JSON.stringify(line)}\n`, broken ? broken.offset : null);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function parseLine(text: Uint8Array): ManifestLine | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(text));
    if (typeof value !== 'object' || value === null || !('do' in value) || !('previous' in value)) return undefined;
    return value as ManifestLine;
  } catch {
    return undefined;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw new LeakproofError('LP-FILE-UNREADABLE', `The manifest ${path} cannot be read.`, { cause: error });
  }
}

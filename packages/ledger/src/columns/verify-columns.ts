import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { columnPaths, isOwnName } from './column-paths.ts';
import { hashOf } from './hash-of.ts';
import { ledgerState } from './ledger-state.ts';
import { columnsFolder, type Manifest, readManifest } from './manifest.ts';

export interface ColumnBreak {
  /** Relative to the folder of the columns. */
  readonly file: string;
  /** The first byte that is wrong, as far as it is known; 0 if the whole file is meant. */
  readonly offset: number;
  readonly why:
    | 'chain' /* a line of the manifest does not follow the one before */
    | 'rewrite' /* `offset` is the number of a line: the hashes of a rewriting are not those of the files it replaces and adds */
    | 'torn' /* the last line of the manifest is incomplete: a crash, or a change under way */
    | 'missing'
    | 'truncated'
    | 'changed' /* the hash is not the one in the manifest */
    | 'foreign' /* not written by the ledger; in no figure */;
}

export interface ColumnsReport {
  readonly whole: boolean;
  readonly breaks: readonly ColumnBreak[];
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  /** Files of changes that did not end, or that later files replace: removed by the next change. */
  readonly leftovers: number;
  /** SHA-256 of the manifest's last line. Stored elsewhere, it proves later that no line before it was changed. */
  readonly head: string;
  readonly lines: number;
}

/** Checks the chain of the manifest and the hash of every file it names. Reads every byte. */
export async function verifyColumns(directory: string): Promise<ColumnsReport> {
  const folder = columnsFolder(directory);
  const manifest = readManifest(directory);
  const { files } = ledgerState(manifest);
  const breaks: ColumnBreak[] = [];
  for (const line of unfoundedRewrites(manifest))
    breaks.push({ file: 'manifest.ndjson', offset: line, why: 'rewrite' });
  if (manifest.broken) breaks.push({ file: 'manifest.ndjson', ...manifest.broken });
  for (const file of files.values()) {
    const found = await breakOf(folder, file);
    if (found) breaks.push(found);
  }
  const others = existsSync(folder) ? columnPaths(folder).filter((path) => !files.has(path)) : [];
  const foreign = others.filter((path) => !isOwnName(path));
  for (const file of foreign) breaks.push({ file, offset: 0, why: 'foreign' });
  const sum = (key: 'rows' | 'bytes'): number => [...files.values()].reduce((all, file) => all + file[key], 0);
  const facts = [...files.values()].filter(({ kind }) => kind === 'facts').reduce((all, { rows }) => all + rows, 0);
  return {
    whole: breaks.length === 0,
    breaks,
    files: files.size,
    rows: facts,
    bytes: sum('bytes'),
    leftovers: others.length - foreign.length,
    head: manifest.head,
    lines: manifest.lines.length,
  };
}

/** The numbers of lines that record a rewriting (an erasure, a rotation) of files that were not there. */
function unfoundedRewrites({ lines }: Manifest): readonly number[] {
  const hashes = new Map<string, string>();
  const found: number[] = [];
  for (const line of lines) {
    if ('add' in line) for (const { path, sha256 } of line.add) hashes.set(path, sha256);
    if (line.do !== 'rewrite') continue;
    const removed = new Set(line.remove.map((path) => hashes.get(path)));
    const added = new Set(line.add.map(({ sha256 }) => sha256));
    const isFounded = line.hashes.every((each) => removed.has(each.old) && (each.new === null || added.has(each.new)));
    if (!isFounded) found.push(line.number);
  }
  return found;
}

/** What is wrong with a file, or undefined. */
export async function breakOf(
  folder: string,
  { path, bytes, sha256 }: { readonly path: string; readonly bytes: number; readonly sha256: string },
  check: 'hash' | 'size' = 'hash',
): Promise<ColumnBreak | undefined> {
  const file = join(folder, path);
  let size: number;
  try {
    ({ size } = statSync(file));
  } catch {
    return { file: path, offset: 0, why: 'missing' };
  }
  if (size < bytes) return { file: path, offset: size, why: 'truncated' };
  if (check === 'size') return undefined;
  return (await hashOf(file)) === sha256 ? undefined : { file: path, offset: 0, why: 'changed' };
}

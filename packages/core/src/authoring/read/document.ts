import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document, visit } from 'yaml';
import type { Where } from '../../errors.ts';

/** A place in a document: keys and indexes from its root. */
export type SourcePath = readonly (string | number)[];

/** A mistake or a warning in a contract: where, what, and what would be right. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly where: Where;
  readonly fix?: string;
}

/** A YAML (or JSON) file with the position of every value. */
export interface SourceDocument {
  readonly file: string;
  readonly value: unknown;
  readonly faults: readonly Problem[];
  /** The place of `path`, or of the nearest part of it that exists. `key`: of its key instead of its value. */
  readonly where: (path: SourcePath, key?: boolean) => Where;
  /** Whether the document has a value at `path`. */
  readonly has: (path: SourcePath) => boolean;
}

/** Most aliases of a YAML document that are expanded; more is an attack. */
const MAX_ALIASES = 100;

/** Reads YAML 1.2 (or JSON). Mistakes in the text are faults of the document, never thrown. */
export function readDocument(file: string, text: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, version: '1.2' });
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const faults: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    severity: 'error',
    message: error.message.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '') ?? error.code,
    where: at(error.pos[0]),
  }));
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return;
      faults.push({ severity: 'error', message: 'A key cannot be "__proto__".', where: at(key.range?.[0] ?? 0) });
    },
  });
  const value = faults.length > 0 ? undefined : valueOf(document, faults, at);
  return {
    file,
    value,
    faults,
    has: (path) => path.reduce<unknown>(memberOf, value) !== undefined,
    where: (path, key) => at(offsetOf(document, path, key ?? false)),
  };
}

function memberOf(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string | number, unknown>)[step]
    : undefined;
}

function valueOf(document: Document, faults: Problem[], at: (offset: number) => Where): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    faults.push({ severity: 'error', message: `More than ${MAX_ALIASES} aliases are followed.`, where: at(0) });
    return undefined;
  }
}

function offsetOf(document: Document, path: SourcePath, wantKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(
        (each) => isPair(each) && isScalar(each.key) && String(each.key.value) === String(step),
      );
      if (!pair) return offset;
      offset = (last && !wantKey ? startOf(pair.value) : undefined) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      node =
        isNode(node) && 'get' in node && typeof node.get === 'function'
          ? (node.get as (key: unknown, keep: boolean) => unknown)(step, true)
          : undefined;
      if (node === undefined) return offset;
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

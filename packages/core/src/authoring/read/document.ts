import { isScalar, type Document, visit } from 'yaml';
import type { Where } from '../../errors.ts';
import { MAX_ALIASES, offsetAt, parseYaml, type YamlPath } from '../../yaml/parse-yaml.ts';

/** A place in a document: keys and indexes from its root. */
export type SourcePath = YamlPath;

/** A mistake or a warning in a contract: where, what, and what would be right. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** For what concerns the description `api.openapi`: a code of docs/contract.md. */
  readonly code?: string;
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

/** Reads YAML 1.2 (or JSON). Mistakes in the text are faults of the document, never thrown. */
export function readDocument(file: string, text: string): SourceDocument {
  const parsed = parseYaml(text, 'strict');
  const { document } = parsed;
  const at = (offset: number): Where => ({ file, ...parsed.positionOf(offset) });
  const faults: Problem[] = parsed.faults.map(({ message, offset }) => ({
    severity: 'error',
    message,
    where: at(offset),
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
    where: (path, key) => at(offsetAt(parsed, path, key)),
  };
}

function memberOf(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string | number, unknown>)[step]
    : undefined;
}

function valueOf(document: Document, faults: Problem[], at: (offset: number) => Where): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES.strict });
  } catch {
    faults.push({ severity: 'error', message: `More than ${MAX_ALIASES.strict} aliases are followed.`, where: at(0) });
    return undefined;
  }
}

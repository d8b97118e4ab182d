import { parseDocument } from 'yaml';
import { parseJson } from '../json/json-shape.ts';
import type { Rejects } from '../rejects.ts';
import { BIG_YAML, loadBigYaml } from './load-big-yaml.ts';

/** Most expansions of one node by aliases, against documents that grow exponentially. */
const MAX_ALIASES = 1000;
const MAX_ERRORS = 20;

/**
 * The value of a JSON or YAML document, or undefined if there is none. Each error in YAML is a reject, and the rest is read. Of
 * duplicate keys the last counts. YAML needs about sixty times its size in memory, so that a big document is read block by block.
 */
export function loadYaml(text: string, rejects: Rejects): unknown {
  const json = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return json;
  const parse = (piece: string, line: number): unknown => parseYaml(piece, line, rejects);
  return text.length > BIG_YAML ? loadBigYaml(text, { parse, rejects }) : parse(text, 1);
}

/** Parses text that begins at `line` of its document. */
function parseYaml(text: string, line: number, rejects: Rejects): unknown {
  try {
    const document = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: 'silent', prettyErrors: true });
    for (const error of document.errors.slice(0, MAX_ERRORS)) {
      const position = error.linePos?.[0] ?? { line: 1, col: 1 };
      rejects.part('yaml-fault', `${position.line + line - 1}:${position.col}`);
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch {
    // Excessive aliases (ReferenceError), nesting beyond the stack (RangeError), an alias without anchor.
    return undefined;
  }
}

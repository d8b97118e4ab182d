import { parseDocument } from 'yaml';
import { parseJson } from '../json/json-shape.ts';
import type { Rejects } from '../rejects.ts';
import { BIG_YAML, loadBigYaml } from './load-big-yaml.ts';

/** Aliases may unfold one node at most this often; beyond, the document is a bomb. */
const MAX_ALIASES = 1000;
const MAX_ERRORS = 20;

/**
 * The value of a JSON or YAML document, or undefined if there is none. Where YAML is broken, what can be read is kept and each
 * fault is a reject. Keys are as written; duplicate keys: the last one wins. YAML takes about sixty times its size in memory,
 * so a big document is read block by block.
 */
export function loadYaml(text: string, rejects: Rejects): unknown {
  const json = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return json;
  const parse = (piece: string, line: number): unknown => parseYaml(piece, line, rejects);
  return text.length > BIG_YAML ? loadBigYaml(text, parse, rejects) : parse(text, 1);
}

/** One YAML text that begins at `line` of its document. */
function parseYaml(text: string, line: number, rejects: Rejects): unknown {
  try {
    const document = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: 'silent', prettyErrors: true });
    for (const error of document.errors.slice(0, MAX_ERRORS)) {
      const place = error.linePos?.[0] ?? { line: 1, col: 1 };
      rejects.part('yaml-fault', `${place.line + line - 1}:${place.col}`);
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch {
    // Excessive aliases (ReferenceError), nesting beyond the stack (RangeError), an alias without anchor.
    return undefined;
  }
}

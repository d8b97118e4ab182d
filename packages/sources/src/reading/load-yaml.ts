import { parseDocument } from 'yaml';
import { parseJson } from './json-shape.ts';
import type { Rejects } from './rejects.ts';

/** Aliases may unfold one node at most this often; beyond, the document is a bomb. */
const MAX_ALIASES = 1000;
const MAX_ERRORS = 20;

/**
 * The value of a JSON or YAML document, or undefined if there is none. Where YAML is broken, what can be read is kept and each
 * fault is a reject. Keys are as written; duplicate keys: the last one wins.
 */
export function loadYaml(text: string, rejects: Rejects): unknown {
  const json = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return json;
  try {
    const document = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: 'silent', prettyErrors: true });
    for (const error of document.errors.slice(0, MAX_ERRORS)) {
      const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
      rejects.part('yaml-fault', `${line}:${col}`);
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch {
    // Excessive aliases (ReferenceError), nesting beyond the stack (RangeError), an alias without anchor.
    return undefined;
  }
}

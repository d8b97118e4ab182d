import { isMap, isScalar, visit } from 'yaml';
import { parseJson } from '../wire/json-value.ts';
import { BIG_YAML, loadBigYaml } from './load-big-yaml.ts';
import { MAX_ALIASES, type ParsedYaml, parseYaml, type YamlLoss } from './parse-yaml.ts';

const MAX_FAULTS = 20;

/**
 * The value of a JSON or YAML document, or undefined if there is none. Each error in YAML is a loss, and the rest is read. Of duplicate
 * keys the last counts; those of JSON are not reported. YAML needs about sixty times its size in memory, so that a big document is
 * read block by block. Never throws.
 */
export function loadYaml(text: string, lost: (loss: YamlLoss) => void): unknown {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const json = /^\s*[{[]/.test(source) ? parseJson(source) : undefined;
  if (json !== undefined) return json;
  const parse = (piece: string, line: number): unknown => parsePiece(piece, line, lost);
  return source.length > BIG_YAML ? loadBigYaml(source, { parse, lost }) : parse(source, 1);
}

/** Parses text that begins at `line` of its document. */
function parsePiece(text: string, line: number, lost: (loss: YamlLoss) => void): unknown {
  try {
    const parsed = parseYaml(text, 'lenient');
    const report = (type: YamlLoss['type'], message: string, offset: number): void => {
      const position = parsed.positionOf(offset);
      lost({ type, message, line: position.line + line - 1, column: position.column });
    };
    for (const { message, offset } of parsed.faults.slice(0, MAX_FAULTS)) report('syntax', message, offset);
    for (const [key, offset] of duplicateKeys(parsed))
      report('duplicate-key', `The key "${key}" occurs twice; the last one counts.`, offset);
    const value: unknown = parsed.document.toJS({ maxAliasCount: MAX_ALIASES.lenient });
    return value;
  } catch {
    // Excessive aliases (ReferenceError), nesting beyond the stack (RangeError), an alias without anchor.
    return undefined;
  }
}

/** Keys that occur twice in one mapping, with the offset of the first. O(keys). */
function duplicateKeys({ document }: ParsedYaml): (readonly [key: string, offset: number])[] {
  const found: (readonly [string, number])[] = [];
  visit(document, {
    Map: (_, map) => {
      if (!isMap(map)) return;
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<' || found.length >= MAX_FAULTS) continue;
        const name = String(key.value);
        const before = seen.get(name);
        if (before !== undefined) found.push([name, before]);
        seen.set(name, key.range?.[0] ?? 0);
      }
    },
  });
  return found;
}

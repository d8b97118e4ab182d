import type { Where } from '../../errors.ts';
import { type JsonNode, memberOf, readJson } from '../../wire/json.ts';
import { BIG_YAML } from '../../yaml/load-big-yaml.ts';
import { offsetAt, parseYaml } from '../../yaml/parse-yaml.ts';

/** Deeper than any description, and no recursion. */
const JSON_DEPTH = 10_000;

/** Finds the line and column of a pointer (RFC 6901) in a text; of the nearest part that exists. */
export type TextPositions = (pointer: string) => Where;

/** Of a JSON or YAML file. The first call parses the text. */
export function textPositions(file: string, text: string): TextPositions {
  let find: ((tokens: readonly string[]) => number) | undefined;
  return (pointer) => {
    find ??= jsonOffsets(text) ?? yamlOffsets(text);
    const tokens = pointer.split('/').slice(1);
    return {
      file,
      ...positionAt(text, find(tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~')))),
    };
  };
}

/** The line and column of the first key of a JSON text that occurs twice in one object. `text` is JSON. */
export function repeatedJsonKey(file: string, text: string): Where | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  try {
    readJson(text.slice(start), { maxDepth: JSON_DEPTH });
    return undefined;
  } catch (error) {
    const offset = error instanceof Error ? /twice.* (\d+)\.$/.exec(error.message)?.[1] : undefined;
    return offset === undefined ? undefined : { file, ...positionAt(text, start + Number(offset)) };
  }
}

function positionAt(text: string, offset: number): Where {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

function jsonOffsets(text: string): ((tokens: readonly string[]) => number) | undefined {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const { root } = readJson(text.slice(start), { maxDepth: JSON_DEPTH });
    return (tokens) => start + offsetIn(root, tokens);
  } catch {
    return undefined;
  }
}

function offsetIn(root: JsonNode, tokens: readonly string[]): number {
  let node = root;
  for (const token of tokens) {
    const below =
      node.type === 'object' ? memberOf(node, token) : node.type === 'array' ? node.items[Number(token)] : undefined;
    if (!below) break;
    node = below;
  }
  return node.start;
}

function yamlOffsets(text: string): (tokens: readonly string[]) => number {
  if (text.length > BIG_YAML) return (tokens) => searchKeys(text, tokens);
  try {
    const parsed = parseYaml(text, 'lenient');
    return (tokens) => offsetAt(parsed, tokens);
  } catch {
    return (tokens) => searchKeys(text, tokens);
  }
}

/** The keys one after the other as text: parsing a big document with positions needs too much memory. */
function searchKeys(text: string, tokens: readonly string[]): number {
  let at = 0;
  for (const token of tokens) {
    if (/^\d+$/.test(token)) continue;
    const found = [`\n${token}:`, ` ${token}:`, `"${token}":`, `'${token}':`]
      .map((key) => text.indexOf(key, at))
      .filter((offset) => offset >= 0);
    if (found.length === 0) break;
    at = Math.min(...found) + 1;
  }
  return at;
}

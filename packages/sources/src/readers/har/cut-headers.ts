import type { Headers } from '@leakproof/core';

/** The JSON of an entry without its header lists: `{"cut": n}` stands for the n-th. */
export interface CutHeaders {
  readonly json: string;
  readonly lists: readonly Headers[];
}

const LIST = /"headers"\s*:\s*\[/g;
/** A header as every exporter writes it. Anything else (a comment, an escape) is left to JSON.parse. */
const HEADER =
  // oxlint-disable-next-line no-control-regex
  /\s*\{\s*"name"\s*:\s*"([^"\\\u0000-\u001f]+)"\s*,\s*"value"\s*:\s*"([^"\\\u0000-\u001f]*)"\s*\}\s*(,|\])/y;

/**
 * Reads the header lists of an entry by expression: they are a third of a capture, and JSON.parse would make an object for each
 * header. Inside a JSON string `"headers":[` cannot stand unescaped, so only real lists are found. What is not read as
 * expected stays in `json`.
 */
export function cutHeaders(json: string): CutHeaders {
  const lists: Headers[] = [];
  let rest = '';
  let done = 0;
  LIST.lastIndex = 0;
  for (let list = LIST.exec(json); list !== null; list = LIST.exec(json)) {
    const start = LIST.lastIndex;
    const headers: [string, string][] = [];
    const end = readList(json, start, headers);
    if (end < 0) continue;
    rest += `${json.slice(done, start - 1)}{"cut":${lists.length}}`;
    lists.push(headers);
    done = end;
    LIST.lastIndex = end;
  }
  return lists.length === 0 ? { json, lists } : { json: rest + json.slice(done), lists };
}

/** Where the list ends, its bracket included, or -1 if it is not as expected. Pseudo-headers are left out. */
function readList(json: string, start: number, headers: [string, string][]): number {
  HEADER.lastIndex = start;
  for (let header = HEADER.exec(json); header !== null; header = HEADER.exec(json)) {
    const [, name = '', value = '', after] = header;
    if (!name.startsWith(':')) headers.push([lowerCase(name), value]);
    if (after === ']') return HEADER.lastIndex;
  }
  return -1;
}

const LOWER = new Map<string, string>();

/** The few names there are, each made lower case once. */
function lowerCase(name: string): string {
  const known = LOWER.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (LOWER.size > 2000) LOWER.clear();
  LOWER.set(Buffer.from(name).toString(), lower);
  return lower;
}

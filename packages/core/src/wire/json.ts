import { LeakproofError } from '../errors.ts';

/** One value of a JSON text, by its place: `start` and `end` are UTF-16 offsets into `JsonText.text`, end exclusive. */
export type JsonNode =
  | { readonly type: 'object'; readonly start: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly type: 'array'; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly type: 'string' | 'number' | 'true' | 'false' | 'null'; readonly start: number; readonly end: number };

/** A member of an object; `key` is unescaped, `start` is the offset of its opening quote. */
export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly value: JsonNode;
}

export interface JsonText {
  readonly text: string;
  readonly root: JsonNode;
}

export interface JsonLimits {
  readonly maxDepth: number;
}

export const JSON_LIMITS: JsonLimits = { maxDepth: 64 };

/** Decodes strict UTF-8. A byte order mark is dropped. Throws LP-JSON-INVALID on any other bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LeakproofError('LP-JSON-INVALID', 'The body is not UTF-8.', { cause });
  }
}

/**
 * Reads one strict JSON text (RFC 8259) and keeps the offsets of every value, so that parts can be released byte for
 * byte. Duplicate keys, trailing text and control characters in strings are refused. O(length), no recursion.
 * Throws LP-JSON-INVALID, LP-JSON-TOO-DEEP.
 */
export function readJson(text: string, limits: JsonLimits = JSON_LIMITS): JsonText {
  return { text, root: new Reader(text, limits).read() };
}

type Open =
  | { readonly type: 'object'; readonly start: number; readonly members: JsonMember[]; readonly keys: Set<string> }
  | { readonly type: 'array'; readonly start: number; readonly items: JsonNode[] };

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

class Reader {
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  read(): JsonNode {
    const open: Open[] = [];
    const keys: { key: string; start: number }[] = [];
    for (;;) {
      this.#space();
      let done = this.#scalarOrOpen(open, keys);
      while (done) {
        const parent = open.at(-1);
        if (!parent) {
          this.#space();
          if (this.#at < this.#text.length) throw this.#wrong('Text after the end of the value');
          return done;
        }
        done = this.#attach(parent, done, keys) ? this.#close(open) : undefined;
      }
    }
  }

  /** A finished scalar or empty container; undefined after opening a container, whose first value comes next. */
  #scalarOrOpen(open: Open[], keys: { key: string; start: number }[]): JsonNode | undefined {
    const start = this.#at;
    const char = this.#text[start];
    if (char === '{' || char === '[') {
      if (open.length >= this.#limits.maxDepth) {
        throw new LeakproofError(
          'LP-JSON-TOO-DEEP',
          `Nested deeper than ${this.#limits.maxDepth} levels at offset ${start}.`,
        );
      }
      this.#at++;
      this.#space();
      if (char === '{') {
        if (this.#take('}')) return { type: 'object', start, end: this.#at, members: [] };
        open.push({ type: 'object', start, members: [], keys: new Set() });
        keys.push(this.#key());
      } else {
        if (this.#take(']')) return { type: 'array', start, end: this.#at, items: [] };
        open.push({ type: 'array', start, items: [] });
      }
      return undefined;
    }
    if (char === '"') return { type: 'string', start, end: this.#string('a string') };
    for (const word of ['true', 'false', 'null'] as const) {
      if (this.#text.startsWith(word, start)) {
        this.#at += word.length;
        return { type: word, start, end: this.#at };
      }
    }
    return { type: 'number', start, end: this.#match(NUMBER, 'a value') };
  }

  /** Adds `node` to `parent`; true if the parent ends here, false if another value follows. */
  #attach(parent: Open, node: JsonNode, keys: { key: string; start: number }[]): boolean {
    if (parent.type === 'array') parent.items.push(node);
    else {
      const key = keys.pop();
      if (!key) throw this.#wrong('A value without a key');
      if (parent.keys.has(key.key)) throw this.#wrong('A key stands twice in one object', key.start);
      parent.keys.add(key.key);
      parent.members.push({ key: key.key, start: key.start, value: node });
    }
    this.#space();
    if (this.#take(',')) {
      if (parent.type === 'object') {
        this.#space();
        keys.push(this.#key());
      }
      return false;
    }
    if (this.#take(parent.type === 'object' ? '}' : ']')) return true;
    throw this.#wrong(`Expected "," or the end of the ${parent.type}`);
  }

  #close(open: Open[]): JsonNode | undefined {
    const closed = open.pop();
    if (!closed) return undefined;
    const place = { start: closed.start, end: this.#at };
    return closed.type === 'object'
      ? { type: 'object', ...place, members: closed.members }
      : { type: 'array', ...place, items: closed.items };
  }

  #key(): { key: string; start: number } {
    const start = this.#at;
    const end = this.#string('a key');
    this.#space();
    if (!this.#take(':')) throw this.#wrong('Expected ":" after a key');
    return { key: unescape(this.#text.slice(start, end)), start };
  }

  /** Skips a string character by character: a regular expression over all of it could exhaust the engine's stack. */
  #string(what: string): number {
    if (!this.#take('"')) throw this.#wrong(`Expected ${what}`);
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x22) return ++this.#at;
      if (code === 0x5c) this.#match(ESCAPE, 'an escape');
      else if (code >= 0x20) this.#at++;
      else throw this.#wrong(`${Number.isNaN(code) ? 'An unfinished' : 'A control character in a'} string`);
    }
  }

  #match(pattern: RegExp, what: string): number {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) throw this.#wrong(`Expected ${what}`);
    this.#at = pattern.lastIndex;
    return this.#at;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #wrong(what: string, at = this.#at): LeakproofError {
    return new LeakproofError('LP-JSON-INVALID', `${what} at offset ${at}.`);
  }
}

function unescape(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

/** The unescaped text of a string node. */
export function stringOf(json: JsonText, node: JsonNode): string | undefined {
  return node.type === 'string' ? unescape(json.text.slice(node.start, node.end)) : undefined;
}

/** The raw text of a node. */
export function rawOf(json: JsonText, node: JsonNode): string {
  return json.text.slice(node.start, node.end);
}

/**
 * A node as an id: the text of a string, or the digits of an integer of any size, unchanged. Undefined for anything else
 * (a float, `1e3`, an empty string).
 */
export function idOf(json: JsonText, node: JsonNode): string | undefined {
  if (node.type === 'string') return stringOf(json, node) || undefined;
  if (node.type !== 'number') return undefined;
  const raw = rawOf(json, node);
  return /^(?:0|-?[1-9][0-9]*)$/.test(raw) ? raw : undefined;
}

/** The member `key` of an object node. */
export function memberOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.type === 'object' ? node.members.find((member) => member.key === key)?.value : undefined;
}

/** A node as a plain value, for conditions. Objects have no prototype; integers beyond 2^53 become bigint. */
export function valueOf(json: JsonText, node: JsonNode): unknown {
  switch (node.type) {
    case 'object': {
      const object = Object.create(null) as Record<string, unknown>;
      for (const member of node.members) object[member.key] = valueOf(json, member.value);
      return object;
    }
    case 'array':
      return node.items.map((item) => valueOf(json, item));
    case 'string':
      return stringOf(json, node);
    case 'number': {
      const number = Number(rawOf(json, node));
      return Number.isInteger(number) && !Number.isSafeInteger(number) && idOf(json, node)
        ? BigInt(rawOf(json, node))
        : number;
    }
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
  }
}

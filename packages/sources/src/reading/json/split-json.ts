/** Gets the parts of a document. `bytes` is valid during the call only. */
export interface JsonUnits {
  /** A value at `path` (`log.creator`), or an element of the list (`log.entries[]`, with `index`). It may be invalid JSON. */
  unit(path: string, bytes: Buffer, index: number): void;
  /** A value larger than the limit. */
  oversize(path: string, index: number): void;
}

/** `broken`: the outer structure is not JSON at `offset`; nothing after it was read. */
export type JsonEnd = { readonly type: 'complete' | 'torn' | 'broken'; readonly offset: number; readonly path: string };

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = byteSet(' \t\r\n');
/** Bytes with a meaning inside a value, outside strings. */
const STRUCTURE = byteSet('"{}[]');
const ENDS_SCALAR = byteSet(' \t\r\n,]}');

function byteSet(bytes: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(bytes)) set[byte] = 1;
  return set;
}

/** Bytes after which the rest of a string is searched with `indexOf`, which is faster for long ones. */
const LONG_STRING = 512;

type Expecting = 'value' | 'first-key' | 'key' | 'colon' | 'comma' | 'nothing';
type Scanning = 'none' | 'container' | 'string' | 'scalar';

/**
 * Splits a JSON document of any size into the elements of the list at `path` and the values of the objects on that path. It parses
 * strings and brackets only, so that an invalid element does not affect those after it.
 */
export class JsonSplitter {
  readonly #path: readonly string[];
  readonly #maxUnitBytes: number;
  readonly #units: JsonUnits;
  #expecting: Expecting = 'value';
  #scanning: Scanning = 'none';
  #isKey = false;
  #key = '';
  /** Open containers on the path; the list is the last of them. */
  #level = 0;
  #index = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #parts: Buffer[] = [];
  #partsBytes = 0;
  #oversize = false;
  #offset = 0;
  #brokenAt: number | undefined;
  #listed = false;

  constructor(path: readonly string[], maxUnitBytes: number, units: JsonUnits) {
    this.#path = path;
    this.#maxUnitBytes = maxUnitBytes;
    this.#units = units;
  }

  /** True if the rest of the document cannot be read. */
  get broken(): boolean {
    return this.#brokenAt !== undefined;
  }

  /** True if the list at the path was found. */
  get listed(): boolean {
    return this.#listed;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length && this.#brokenAt === undefined) {
      at = this.#scanning === 'none' ? this.#structure(bytes, at) : this.#scan(bytes, at);
    }
    this.#offset += bytes.length;
  }

  end(): JsonEnd {
    const path =
      this.#level > this.#path.length - 1 ? `${this.#path.join('.')}[]` : this.#path.slice(0, this.#level).join('.');
    if (this.#brokenAt !== undefined) return { type: 'broken', offset: this.#brokenAt, path };
    if (this.#scanning === 'scalar' && this.#level === 0) this.#finish(Buffer.alloc(0));
    return { type: this.#expecting === 'nothing' ? 'complete' : 'torn', offset: this.#offset, path };
  }

  /** Reads one byte of the outer structure; returns the position after it. */
  #structure(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && SPACE[bytes[at] ?? 0] === 1) at += 1;
    if (at === bytes.length) return at;
    const byte = String.fromCharCode(bytes[at] ?? 0);
    switch (this.#expecting) {
      case 'value':
        return this.#value(byte, at);
      case 'first-key':
      case 'key':
        if (byte === '"') return this.#begin('string', true, at);
        return byte === '}' && this.#expecting === 'first-key' ? this.#close(at) : this.#break(at);
      case 'colon':
        if (byte !== ':') return this.#break(at);
        this.#expecting = 'value';
        return at + 1;
      case 'comma':
        if (byte === (this.#inList() ? ']' : '}')) return this.#close(at);
        if (byte !== ',') return this.#break(at);
        this.#expecting = this.#inList() ? 'value' : 'key';
        return at + 1;
      default:
        return this.#break(at);
    }
  }

  #value(byte: string, at: number): number {
    const onTheWay = this.#level === 0 || (!this.#inList() && this.#key === this.#path[this.#level - 1]);
    const opens = onTheWay && byte === (this.#level === this.#path.length ? '[' : '{');
    if (opens) {
      this.#level += 1;
      if (this.#inList()) this.#listed = true;
      this.#expecting = this.#inList() ? 'value' : 'first-key';
      return at + 1;
    }
    if (byte === ']' && this.#inList()) return this.#close(at);
    if (byte === '}' || byte === ']' || byte === ',' || byte === ':') return this.#break(at);
    return this.#begin(byte === '{' || byte === '[' ? 'container' : byte === '"' ? 'string' : 'scalar', false, at);
  }

  #inList(): boolean {
    return this.#level === this.#path.length + 1;
  }

  #close(at: number): number {
    this.#level -= 1;
    this.#expecting = this.#level === 0 ? 'nothing' : 'comma';
    return at + 1;
  }

  #break(at: number): number {
    this.#brokenAt = this.#offset + at;
    return at;
  }

  #begin(scanning: Scanning, isKey: boolean, at: number): number {
    this.#scanning = scanning;
    this.#isKey = isKey;
    this.#depth = 0;
    this.#inString = false;
    this.#oversize = false;
    return at;
  }

  /** Continues the value being scanned; returns its end, or the end of `bytes`. */
  #scan(bytes: Buffer, start: number): number {
    const end = this.#scanning === 'scalar' ? this.#scanScalar(bytes, start) : this.#scanNested(bytes, start);
    const piece = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end >= 0) {
      this.#finish(piece);
      return end;
    }
    this.#partsBytes += piece.length;
    if (this.#partsBytes > this.#maxUnitBytes) {
      this.#oversize = true;
      this.#parts = [];
    }
    if (!this.#oversize) this.#parts.push(piece);
    return bytes.length;
  }

  #scanScalar(bytes: Buffer, start: number): number {
    for (let at = start; at < bytes.length; at += 1) if (ENDS_SCALAR[bytes[at] ?? 0] === 1) return at;
    return -1;
  }

  /** Scans what is between the brackets or quotes of one value (hot loop). */
  #scanNested(bytes: Buffer, start: number): number {
    const length = bytes.length;
    let at = this.#escaped ? start + 1 : start;
    let depth = this.#depth;
    let inString = this.#inString;
    while (at < length) {
      if (inString) {
        const searchFrom = Math.min(length, at + LONG_STRING);
        let byte = 0;
        while (at < searchFrom) {
          byte = bytes[at] ?? 0;
          if (byte === QUOTE || byte === BACKSLASH) break;
          at += 1;
        }
        if (at === searchFrom) {
          at = nextQuoteOrBackslash(bytes, at);
          continue;
        }
        if (byte === BACKSLASH) {
          at += 2;
          continue;
        }
        at += 1;
        inString = false;
        if (depth === 0) return this.#ended(at);
      }
      while (at < length && STRUCTURE[bytes[at] ?? 0] === 0) at += 1;
      if (at === length) break;
      const byte = bytes[at];
      at += 1;
      if (byte === QUOTE) inString = true;
      else if (byte === 123 || byte === 91) depth += 1;
      else {
        depth -= 1;
        if (depth === 0) return this.#ended(at);
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    // The last byte was a backslash, which escapes the first byte of the next piece.
    this.#escaped = at > length;
    return -1;
  }

  #ended(at: number): number {
    this.#escaped = false;
    return at;
  }

  #finish(last: Buffer): void {
    const bytes = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    const oversize = this.#oversize || bytes.length > this.#maxUnitBytes;
    this.#parts = [];
    this.#partsBytes = 0;
    this.#scanning = 'none';
    if (this.#isKey) {
      this.#key = oversize ? '' : keyOf(bytes);
      this.#expecting = 'colon';
      return;
    }
    const inList = this.#inList();
    const path = [
      ...this.#path.slice(0, Math.max(0, this.#level - 1)),
      ...(inList || this.#level === 0 ? [] : [this.#key]),
    ].join('.');
    const index = inList ? this.#index : 0;
    if (inList) this.#index += 1;
    this.#expecting = this.#level === 0 ? 'nothing' : 'comma';
    if (oversize) this.#units.oversize(inList ? `${path}[]` : path, index);
    else this.#units.unit(inList ? `${path}[]` : path, bytes, index);
  }
}

/** The position of the next quote, or of the backslashes before it. */
function nextQuoteOrBackslash(bytes: Buffer, from: number): number {
  const quote = bytes.indexOf(QUOTE, from);
  let end = quote < 0 ? bytes.length : quote;
  while (end > from && bytes[end - 1] === BACKSLASH) end -= 1;
  // There is no backslash directly before `from`, so that the run of backslashes begins here.
  return end;
}

function keyOf(bytes: Buffer): string {
  try {
    const key: unknown = JSON.parse(bytes.toString());
    return typeof key === 'string' ? key : '';
  } catch {
    return '';
  }
}

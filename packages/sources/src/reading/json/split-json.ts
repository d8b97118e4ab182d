/** What a splitter finds. `bytes` lives as long as the chunk it came from; decode it at once. */
export interface JsonUnits {
  /** A whole value at `path` (`log.creator`), or an element of the list (`log.entries[]`, by `index`). Not checked to be JSON. */
  unit(path: string, bytes: Buffer, index: number): void;
  /** A value beyond the limit; it was not kept. */
  oversize(path: string, index: number): void;
}

/** How the document ended. `broken`: its outer structure is not JSON at `offset`, and nothing was read beyond. */
export type JsonEnd = { readonly type: 'complete' | 'torn' | 'broken'; readonly offset: number; readonly path: string };

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = byteSet(' \t\r\n');
/** Bytes that matter inside a value and outside strings. */
const STRUCTURE = byteSet('"{}[]');
const ENDS_SCALAR = byteSet(' \t\r\n,]}');

function byteSet(bytes: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(bytes)) set[byte] = 1;
  return set;
}

/** Bytes of a string without an escape after which it is searched, not looped over. */
const LONG_STRING = 512;

type Expecting = 'value' | 'first-key' | 'key' | 'colon' | 'comma' | 'nothing';
type Scanning = 'none' | 'container' | 'string' | 'scalar';

/**
 * Cuts one JSON document of any size into the elements of the list at `path` and the values beside the way there. It looks
 * only for strings and brackets, so an element with a fault inside is still cut off cleanly and those after it survive.
 */
export class JsonSplitter {
  readonly #path: readonly string[];
  readonly #maxUnitBytes: number;
  readonly #units: JsonUnits;
  #expecting: Expecting = 'value';
  #scanning: Scanning = 'none';
  #isKey = false;
  #key = '';
  /** Containers open on the way to the list; the list itself is the last. */
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

  /** True once nothing more can come. */
  get broken(): boolean {
    return this.#brokenAt !== undefined;
  }

  /** True once the list at the path was opened. */
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

  /** One byte of the outer structure; returns where to go on. */
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

  /** Goes on with the value that is being scanned; returns where it ended, or the end of `bytes`. */
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

  /** The hot loop: everything between the brackets or quotes of one value. */
  #scanNested(bytes: Buffer, start: number): number {
    const length = bytes.length;
    let at = this.#escaped ? start + 1 : start;
    let depth = this.#depth;
    let inString = this.#inString;
    while (at < length) {
      if (inString) {
        const quiet = Math.min(length, at + LONG_STRING);
        let byte = 0;
        while (at < quiet) {
          byte = bytes[at] ?? 0;
          if (byte === QUOTE || byte === BACKSLASH) break;
          at += 1;
        }
        if (at === quiet) {
          at = quietStretchEnd(bytes, at);
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
    // A backslash was the last byte: the first of the next piece belongs to it.
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

/** Where the next quote or its backslashes stand: a search over long plain text is many times faster than a loop. */
function quietStretchEnd(bytes: Buffer, from: number): number {
  const quote = bytes.indexOf(QUOTE, from);
  let end = quote < 0 ? bytes.length : quote;
  while (end > from && bytes[end - 1] === BACKSLASH) end -= 1;
  // Backslashes before `from` would have broken the quiet, so an even or odd run can be told from here on.
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

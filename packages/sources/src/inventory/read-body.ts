import type { Headers } from '@leakproof/core';
import { parseJsonExactly } from './parse-json.ts';

/** The kind of a body by its content, whatever its Content-Type says. */
export type BodyKind = 'json' | 'ndjson' | 'form' | 'multipart' | 'text' | 'binary' | 'empty' | 'not-kept';

/**
 * `fault`: `not-json`, the Content-Type is JSON and the body is not; `undeclared-json`, the reverse; `too-large`, not read.
 */
export interface ReadBody {
  readonly kind: BodyKind;
  /** Of `json`, `ndjson` (an array) and `form` (an object of strings or arrays of strings). */
  readonly value?: unknown;
  readonly fault?: 'not-json' | 'undeclared-json' | 'too-large' | undefined;
}

/** Larger bodies are counted, not read. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Reads a body by its content first and its Content-Type second. Never throws. O(bytes). */
export function readBody(headers: Headers, body: Uint8Array | undefined): ReadBody {
  if (body === undefined) return { kind: 'not-kept' };
  if (body.length === 0) return { kind: 'empty' };
  const type = contentType(headers);
  if (body.length > MAX_BODY_BYTES) return { kind: 'binary', fault: 'too-large' };
  const declaresJson = /[/+]json$|graphql-response\+json/.test(type);
  if (declaresJson || startsLikeJson(body)) return readJsonLike(body, type, declaresJson);
  if (/ndjson|jsonl|json-seq/.test(type)) return readLines(body);
  if (type === 'application/x-www-form-urlencoded') return { kind: 'form', value: readForm(text(body)) };
  if (type.startsWith('multipart/')) return { kind: 'multipart' };
  return { kind: isText(body) ? 'text' : 'binary' };
}

/** The media type in lower case without parameters; empty if there is none. */
export function contentType(headers: Headers): string {
  const value = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return (value.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function readJsonLike(body: Uint8Array, type: string, declaresJson: boolean): ReadBody {
  const source = text(body);
  const parsed = parseJsonExactly(source);
  if (parsed.ok) {
    const isDeclared = type === '' || declaresJson;
    return isDeclared
      ? { kind: 'json', value: parsed.value }
      : { kind: 'json', value: parsed.value, fault: 'undeclared-json' };
  }
  const lines = readLines(body);
  if (lines.kind === 'ndjson') return declaresJson ? { ...lines, fault: 'not-json' } : lines;
  return { kind: isText(body) ? 'text' : 'binary', fault: declaresJson ? 'not-json' : undefined };
}

function readLines(body: Uint8Array): ReadBody {
  const values: unknown[] = [];
  for (const line of text(body).split('\n')) {
    if (line.trim() === '') continue;
    const parsed = parseJsonExactly(line);
    if (!parsed.ok) return { kind: 'text' };
    values.push(parsed.value);
  }
  return { kind: 'ndjson', value: values };
}

function readForm(source: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(source)) {
    const before = form[name];
    form[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return form;
}

function text(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const decoded = bytes.toString('utf8');
  return decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded;
}

function startsLikeJson(body: Uint8Array): boolean {
  for (const byte of body.subarray(0, 64)) {
    if (byte === 0x7b || byte === 0x5b) return true;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte < 0xbb) return false;
  }
  return false;
}

function isText(body: Uint8Array): boolean {
  return !body.subarray(0, 512).includes(0);
}

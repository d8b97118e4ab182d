import type { Headers } from '@leakproof/core';
import { isObject, listOf, textOf, type JsonObject } from '../../reading/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { fromBase64, fromText } from '../../reading/text-body.ts';

/** What belongs to one entry beside its JSON. */
export interface EntryReading {
  /** Bodies that were decoded apart; `{"cut": n}` stands for them. */
  readonly bodies: readonly Uint8Array[];
  /** Header lists that were read apart; `{"cut": n}` stands for them too. */
  readonly lists: readonly Headers[];
  /** Told of what was left out of the entry. */
  readonly part: (code: RejectCode, count?: number) => void;
}

/** The body of a request: its text, or a form put together again from its fields. */
export function requestBody(postData: unknown, reading: EntryReading): Uint8Array | undefined {
  if (!isObject(postData)) return undefined;
  const text = bodyText(postData, reading);
  if (text !== undefined) return decoded(text, postData.encoding, reading);
  const params = listOf(postData.params);
  if (params.length === 0) return undefined;
  const form = textOf(postData.mimeType)?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  const pairs = params.map(pairOf);
  if (form && pairs.every((pair) => pair !== undefined)) return fromText(pairs.join('&'));
  reading.part('body-absent');
  return undefined;
}

function pairOf(param: unknown): string | undefined {
  if (!isObject(param) || typeof param.name !== 'string') return undefined;
  return `${formEncoded(param.name)}=${formEncoded(textOf(param.value) ?? '')}`;
}

/** HAR leaves open whether fields are encoded already; what needs no encoding any more is left as it is. */
function formEncoded(value: string): string {
  return /^(?:[\w.~*+-]|%[0-9a-f]{2})*$/i.test(value)
    ? value
    : encodeURIComponent(value.toWellFormed()).replaceAll('%20', '+');
}

/** The body of a response, its codings undone, as HAR keeps it. */
export function responseBody(content: unknown, mayHaveBody: boolean, reading: EntryReading): Uint8Array | undefined {
  if (!isObject(content)) return undefined;
  const text = bodyText(content, reading);
  if (text !== undefined) return decoded(text, content.encoding, reading);
  if (mayHaveBody && typeof content.size === 'number' && content.size > 0) reading.part('body-absent');
  return undefined;
}

/** The `text` of a message that is not empty, as text or already as bytes. */
function bodyText({ text }: JsonObject, { bodies }: EntryReading): string | Uint8Array | undefined {
  if (isObject(text) && typeof text.cut === 'number') return bodies[text.cut];
  const said = textOf(text);
  return said === '' ? undefined : said;
}

function decoded(text: string | Uint8Array, encoding: unknown, { part }: EntryReading): Uint8Array | undefined {
  const base64 = typeof encoding === 'string' && encoding.toLowerCase() === 'base64';
  if (typeof text !== 'string' && !base64) return text;
  const said = typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString();
  const bytes = base64 ? fromBase64(said) : fromText(said);
  if (bytes === undefined) part('body-undecodable');
  return bytes;
}

/** `?a=b` of a request whose URL has no query though its fields are listed. */
export function listedQuery(request: JsonObject): string {
  const pairs = listOf(request.queryString).map(pairOf);
  return pairs.length === 0 || pairs.includes(undefined) ? '' : `?${pairs.join('&').replaceAll('+', '%20')}`;
}

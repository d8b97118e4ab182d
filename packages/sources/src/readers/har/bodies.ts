import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { fromBase64, fromText } from '../../reading/bytes/text-body.ts';

type Part = (code: RejectCode) => void;

/** The body of a request: its text, or a form put together again from its fields. */
export function requestBody(postData: unknown, part: Part): Uint8Array | undefined {
  if (!isObject(postData)) return undefined;
  const text = textOf(postData.text) ?? '';
  if (text !== '') return decoded(text, postData.encoding, part);
  const params = listOf(postData.params);
  if (params.length === 0) return undefined;
  const form = textOf(postData.mimeType)?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  const pairs = params.map(pairOf);
  if (form && pairs.every((pair) => pair !== undefined)) return fromText(pairs.join('&'));
  part('body-absent');
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
export function responseBody(content: unknown, mayHaveBody: boolean, part: Part): Uint8Array | undefined {
  if (!isObject(content)) return undefined;
  const text = textOf(content.text);
  if (text === undefined || text === '') {
    if (mayHaveBody && typeof content.size === 'number' && content.size > 0) part('body-absent');
    return undefined;
  }
  return decoded(text, content.encoding, part);
}

function decoded(text: string, encoding: unknown, part: Part): Uint8Array | undefined {
  const base64 = typeof encoding === 'string' && encoding.toLowerCase() === 'base64';
  const bytes = base64 ? fromBase64(text) : fromText(text);
  if (bytes === undefined) part('body-undecodable');
  return bytes;
}

/** `?a=b` of a request whose URL has no query though its fields are listed. */
export function listedQuery(request: JsonObject): string {
  const pairs = listOf(request.queryString).map(pairOf);
  return pairs.length === 0 || pairs.includes(undefined) ? '' : `?${pairs.join('&').replaceAll('+', '%20')}`;
}

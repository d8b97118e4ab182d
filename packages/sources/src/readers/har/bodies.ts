import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectPart } from '../../reading/exchange-collector.ts';
import { fromBase64, fromText } from '../../reading/bytes/text-body.ts';

/** The body of a request: its text, or a form composed of its fields. */
export function requestBody(postData: unknown, rejectPart: RejectPart): Uint8Array | undefined {
  if (!isObject(postData)) return undefined;
  const text = textOf(postData.text) ?? '';
  if (text !== '') return decoded(text, postData.encoding, rejectPart);
  const params = listOf(postData.params);
  if (params.length === 0) return undefined;
  const form = textOf(postData.mimeType)?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  const pairs = params.map(pairOf);
  if (form && pairs.every((pair) => pair !== undefined)) return fromText(pairs.join('&'));
  rejectPart('body-absent');
  return undefined;
}

function pairOf(param: unknown): string | undefined {
  if (!isObject(param) || typeof param.name !== 'string') return undefined;
  return `${formEncoded(param.name)}=${formEncoded(textOf(param.value) ?? '')}`;
}

/** HAR does not say whether fields are encoded already; a value that may be is left as it is. */
function formEncoded(value: string): string {
  return /^(?:[\w.~*+-]|%[0-9a-f]{2})*$/i.test(value)
    ? value
    : encodeURIComponent(value.toWellFormed()).replaceAll('%20', '+');
}

/** The body of a response, which HAR contains decoded. */
export function responseBody(content: unknown, mayHaveBody: boolean, rejectPart: RejectPart): Uint8Array | undefined {
  if (!isObject(content)) return undefined;
  const text = textOf(content.text);
  if (text === undefined || text === '') {
    if (mayHaveBody && typeof content.size === 'number' && content.size > 0) rejectPart('body-absent');
    return undefined;
  }
  return decoded(text, content.encoding, rejectPart);
}

function decoded(text: string, encoding: unknown, rejectPart: RejectPart): Uint8Array | undefined {
  const base64 = typeof encoding === 'string' && encoding.toLowerCase() === 'base64';
  const bytes = base64 ? fromBase64(text) : fromText(text);
  if (bytes === undefined) rejectPart('body-undecodable');
  return bytes;
}

/** The query of a request whose URL has none, from the list of its parameters. */
export function listedQuery(request: JsonObject): string {
  const pairs = listOf(request.queryString).map(pairOf);
  return pairs.length === 0 || pairs.includes(undefined) ? '' : `?${pairs.join('&').replaceAll('+', '%20')}`;
}

import type { Headers } from '@leakproof/core';
import { singleHeader } from './message.ts';

/** How a body contains JSON texts: one text, one for each line, or the data of server-sent events. */
export type Framing = 'json' | 'ndjson' | 'sse';

const JSON_TYPE = /^(?:application\/json|text\/json|application\/[a-z0-9.+-]+\+json)$/;
const STREAM_TYPES = new Map<string, Framing>([
  ['application/x-ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['text/event-stream', 'sse'],
]);

/** True if there is one content type, and it is JSON (RFC 8259, or a `+json` suffix of RFC 6839) in UTF-8. */
export function saysJson(headers: Headers): boolean {
  return framingOf(headers) === 'json';
}

/** The framing of a body by its only content type; undefined for other types, and for charsets other than UTF-8. */
export function framingOf(headers: Headers): Framing | undefined {
  const value = singleHeader(headers, 'content-type');
  if (value === undefined) return undefined;
  if (value === 'application/json') return 'json';
  const [type = '', ...parameters] = value.toLowerCase().split(';');
  const isUtf8 = parameters.every((parameter) => {
    const [name, text] = parameter.split('=').map((part) => part.trim());
    return name !== 'charset' || /^"?utf-8"?$/.test(text ?? '');
  });
  if (!isUtf8) return undefined;
  return JSON_TYPE.test(type.trim()) ? 'json' : STREAM_TYPES.get(type.trim());
}

import type { Headers } from '@leakproof/core';
import { valueOf } from '../engine/message.ts';

const JSON_TYPE = /^(?:application\/json|text\/json|application\/[a-z0-9.+-]+\+json)$/;

/** True for one content type that is JSON (RFC 8259, or a `+json` suffix of RFC 6839) in UTF-8. */
export function saysJson(headers: Headers): boolean {
  const value = valueOf(headers, 'content-type');
  if (value === undefined) return false;
  const [type = '', ...parameters] = value.toLowerCase().split(';');
  if (!JSON_TYPE.test(type.trim())) return false;
  return parameters.every((parameter) => {
    const [name, text] = parameter.split('=').map((part) => part.trim());
    return name !== 'charset' || /^"?utf-8"?$/.test(text ?? '');
  });
}

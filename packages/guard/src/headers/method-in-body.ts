import { decodeUtf8, type Headers, isLeakproofError, isMethodParameter, readJson } from '@leakproof/core';
import { headerValues } from '@leakproof/http';
import { namesMethod } from './method-parameter.ts';

const PART_NAME = /name\s*=\s*(?:"([^"\r\n]*)"|([^\s;"]+))/gi;

/**
 * True if a body has a member or form field that names the method of the request (`_method`). To be asked of bodies whose members
 * the contract does not check.
 */
export function namesMethodInBody(headers: Headers, body: Uint8Array): boolean {
  const type = (headerValues(headers, 'content-type')[0] ?? '').toLowerCase();
  if (type.startsWith('multipart/'))
    return [...latin1(body).matchAll(PART_NAME)].some(([, quoted, plain]) => isMethodParameter(quoted ?? plain ?? ''));
  if (type.startsWith('application/x-www-form-urlencoded')) return namesMethod(latin1(body));
  return namesMethodInJson(body);
}

function namesMethodInJson(body: Uint8Array): boolean {
  const first = body.find((byte) => byte > 0x20);
  if (first !== 0x7b) return false;
  try {
    const { root } = readJson(decodeUtf8(body));
    return root.type === 'object' && root.members.some(({ key }) => isMethodParameter(key));
  } catch (error) {
    // A body that is no JSON reaches the origin only where the contract checks no body.
    if (isLeakproofError(error)) return latin1(body).includes('_method');
    throw error;
  }
}

function latin1(body: Uint8Array): string {
  let text = '';
  for (let at = 0; at < body.length; at += 8_192) text += String.fromCharCode(...body.subarray(at, at + 8_192));
  return text;
}

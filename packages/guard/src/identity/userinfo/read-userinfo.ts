import {
  type CompiledContract,
  decodeUtf8,
  type ErrorCode,
  isLeakproofError,
  isObject,
  type KnownPrincipal,
  principalOf,
  readJson,
  type UserinfoIdentity,
  valueOf,
} from '@leakproof/core';
import { decodeContent, type FullResponse, headerValues, saysJson, STRICT } from '@leakproof/http';
import type { NamedIdentity } from '../identity-kind.ts';

/** Largest answer, in bytes: it is kept while it holds, because conditions may read any of its members. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** What the origin said of a credential. */
export type Userinfo =
  | { readonly principal: KnownPrincipal; readonly bytes: number; readonly setCookies: readonly string[] }
  | 'refused'
  | { readonly failed: ErrorCode };

const INVALID: Userinfo = { failed: 'LP-USERINFO-INVALID' };

/** Reads an answer. Whatever is not exactly what the contract describes is nobody (pitfall A9, docs/pitfalls.md). */
export function readUserinfo(
  contract: CompiledContract,
  { kind, by }: NamedIdentity<UserinfoIdentity>,
  response: FullResponse | ErrorCode,
): Userinfo {
  if (typeof response === 'string') return { failed: 'LP-USERINFO-UNAVAILABLE' };
  const { status, headers } = response;
  if (by.refused.includes(status)) return 'refused';
  if (status >= 500) return { failed: 'LP-USERINFO-UNAVAILABLE' };
  if (status !== 200 || !saysJson(headers)) return INVALID;
  const body = decodeContent(headers, response.body, { ...STRICT, maxBytes: MAX_ANSWER_BYTES, maxRatio: 100 });
  if (typeof body === 'string') return INVALID;
  try {
    const json = readJson(decodeUtf8(body));
    const claims = valueOf(json, json.root);
    if (!isObject(claims)) return INVALID;
    const setCookies = headerValues(headers, 'set-cookie');
    return { principal: principalOf(contract, kind, claims), bytes: body.length, setCookies };
  } catch (error) {
    if (isLeakproofError(error)) return INVALID;
    throw error;
  }
}

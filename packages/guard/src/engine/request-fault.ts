import { type ErrorCode, isOverrideHeader, type Refusal } from '@leakproof/core';
import { connectionOptions, headerValues, type IncomingRequest, singleHeader } from '@leakproof/http';
import { namesMethodInQuery } from '../headers/method-parameter.ts';
import { repeatsCookie } from '../headers/repeats-cookie.ts';
import type { Engine } from './engine.ts';

/** One bit for each header that decides how a request is read. */
const BIT = {
  host: 1,
  authorization: 2,
  'content-type': 4,
  'content-length': 8,
  'content-encoding': 16,
  'transfer-encoding': 32,
  expect: 64,
  connection: 128,
  upgrade: 256,
  cookie: 512,
} as const;
const BITS: ReadonlyMap<string, number> = new Map(Object.entries(BIT));
/** All others must not be repeated: two servers could use different ones. */
const MAY_REPEAT = BIT.connection | BIT.upgrade | BIT.cookie;

const AUTHORITY = /^[a-z0-9.-]+(?::[0-9]{1,5})?$|^\[[0-9a-f:.]+\](?::[0-9]{1,5})?$/;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/**
 * Why the head of a request is refused whatever its target is: two servers could read it differently (pitfalls F1, F6, T3, T5, T6,
 * T7, H1, H4, docs/pitfalls.md). Node's own parser refuses further ones before. One loop over the headers notes which are present;
 * only those are checked further.
 */
export function requestFault(
  request: IncomingRequest,
  { identityHeaders, requestHeaders: { deciding } }: Pick<Engine, 'identityHeaders' | 'requestHeaders'>,
): Refusal | undefined {
  const { headers, method } = request;
  if (method === 'TRACE' || method === 'CONNECT' || !/^[A-Z]+$/.test(method))
    return fault(405, 'The method is not supported.');
  let seen = 0;
  for (const [name, value] of headers) {
    const bit = BITS.get(name) ?? 0;
    if ((seen & bit & ~MAY_REPEAT) !== 0) return fault(400, `The header ${name} is repeated.`);
    seen |= bit;
    if (CONTROL.test(value)) return fault(400, 'A header contains a control character.');
    if (bit === 0 && !deciding.has(name) && isOverrideHeader(name)) return OVERRIDDEN;
  }
  if (namesMethodInQuery(request.target)) return OVERRIDDEN;
  for (const name of identityHeaders) {
    if (headerValues(headers, name).length > 1) return fault(400, `The header ${name} is repeated.`);
  }
  if (!AUTHORITY.test(request.authority)) return fault(400, 'The authority is not valid.');
  const has = (bit: number): boolean => (seen & bit) !== 0;
  return (
    (has(BIT['transfer-encoding']) ? transferFault(request, has(BIT['content-length'])) : undefined) ??
    (has(BIT.connection) ? nominationFault(request, deciding) : undefined) ??
    (has(BIT.upgrade) ? upgradeFault(request) : undefined) ??
    (has(BIT.cookie) && repeatsCookie(headers) ? fault(400, 'A cookie is repeated.') : undefined)
  );
}

const OVERRIDDEN = fault(400, 'The request names another method or target.', 'LP-REQUEST-OVERRIDE');

function transferFault({ headers, httpVersion }: IncomingRequest, hasLength: boolean): Refusal | undefined {
  if (singleHeader(headers, 'transfer-encoding')?.toLowerCase() !== 'chunked')
    return fault(400, 'The transfer coding is not supported.');
  return httpVersion === '1.0' || hasLength ? fault(400, 'The length of the body is ambiguous.') : undefined;
}

/** A header that is sent on, or that is used in a decision, must not be removed by its sender (pitfall H1). */
function nominationFault({ headers }: IncomingRequest, deciding: ReadonlySet<string>): Refusal | undefined {
  const lost = [...connectionOptions(headers)].find((name) => deciding.has(name));
  return lost === undefined ? undefined : fault(400, `Connection nominates ${lost}.`);
}

function upgradeFault({ headers }: IncomingRequest): Refusal | undefined {
  const upgrade = headerValues(headers, 'upgrade').join(',').toLowerCase();
  return upgrade === '' || upgrade === 'h2c' ? undefined : fault(400, 'Upgrades are not supported.');
}

function fault(status: 400 | 405, reason: string, code: ErrorCode = 'LP-REQUEST-FRAMING'): Refusal {
  return { type: 'refusal', status, code, reason };
}

import type { Refusal } from '@leakproof/core';
import { connectionOptions, headerValues, type IncomingRequest, singleHeader } from '@leakproof/http';

/** The headers that decide how a request is read, a bit each. */
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
} as const;
const BITS: ReadonlyMap<string, number> = new Map(Object.entries(BIT));
/** Of all others, two would let two readers pick differently. */
const MAY_REPEAT = BIT.connection | BIT.upgrade;
/** Headers that decide something here, and must not be nominated away before the origin sees them. */
const KEPT = ['host', 'authorization', 'content-type', 'content-length', 'content-encoding', 'cookie'];

const AUTHORITY = /^[a-z0-9.-]+(?::[0-9]{1,5})?$|^\[[0-9a-f:.]+\](?::[0-9]{1,5})?$/;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/**
 * Why the head of a request is not let through, whatever it asks for: two readers could take it differently (guard pitfalls
 * F1, F6, T3, T6, H1, H4). Node's own parser has refused the rest. One pass notes what stands there; only that is looked at
 * closer.
 */
export function requestFault(request: IncomingRequest, identityHeaders: readonly string[]): Refusal | undefined {
  const { headers, method } = request;
  if (method === 'TRACE' || method === 'CONNECT' || !/^[A-Z]+$/.test(method))
    return fault(405, 'The method is not read.');
  let seen = 0;
  for (const [name, value] of headers) {
    const bit = BITS.get(name) ?? 0;
    if ((seen & bit & ~MAY_REPEAT) !== 0) return fault(400, `The header ${name} stands twice.`);
    seen |= bit;
    if (CONTROL.test(value)) return fault(400, 'A header holds a control character.');
  }
  for (const name of identityHeaders) {
    if (headerValues(headers, name).length > 1) return fault(400, `The header ${name} stands twice.`);
  }
  if (!AUTHORITY.test(request.authority)) return fault(400, 'The authority is not read.');
  const has = (bit: number): boolean => (seen & bit) !== 0;
  return (
    (has(BIT['transfer-encoding']) ? transferFault(request, has(BIT['content-length'])) : undefined) ??
    (has(BIT.connection) ? nominationFault(request, identityHeaders) : undefined) ??
    (has(BIT.upgrade) ? upgradeFault(request) : undefined)
  );
}

function transferFault({ headers, httpVersion }: IncomingRequest, hasLength: boolean): Refusal | undefined {
  if (singleHeader(headers, 'transfer-encoding')?.toLowerCase() !== 'chunked')
    return fault(400, 'The transfer coding is not read.');
  return httpVersion === '1.0' || hasLength ? fault(400, 'The body is framed in two ways.') : undefined;
}

function nominationFault({ headers }: IncomingRequest, identityHeaders: readonly string[]): Refusal | undefined {
  const nominated = connectionOptions(headers);
  const lost = [...KEPT, ...identityHeaders].find((name) => nominated.has(name));
  return lost === undefined ? undefined : fault(400, `Connection nominates ${lost}.`);
}

function upgradeFault({ headers }: IncomingRequest): Refusal | undefined {
  const upgrade = headerValues(headers, 'upgrade').join(',').toLowerCase();
  return upgrade === '' || upgrade === 'h2c' ? undefined : fault(400, 'Upgrades are not let through.');
}

function fault(status: 400 | 405, reason: string): Refusal {
  return { type: 'refusal', status, code: 'LP-REQUEST-FRAMING', reason };
}

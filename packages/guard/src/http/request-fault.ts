import type { Refusal } from '@leakproof/core';
import type { Incoming } from '../engine/message.ts';
import { valuesOf } from '../engine/message.ts';
import { nominatedBy } from './headers-to-origin.ts';

/** Headers of which two would let two readers pick differently. */
const ONCE = ['host', 'authorization', 'content-type', 'content-length', 'content-encoding', 'expect'];
/** Headers that decide something here, and must not be nominated away before the origin sees them. */
const KEPT = ['host', 'authorization', 'content-type', 'content-length', 'content-encoding', 'cookie'];

/**
 * Why the head of a request is not let through, whatever it asks for: two readers could take it differently (guard pitfalls
 * F1, F6, T3, T6, H1, H4). Node's own parser has refused the rest.
 */
export function requestFault(request: Incoming, identityHeaders: readonly string[]): Refusal | undefined {
  const { headers, method } = request;
  if (method === 'TRACE' || method === 'CONNECT' || !/^[A-Z]+$/.test(method))
    return fault(405, `The method is not read.`);
  for (const name of [...ONCE, ...identityHeaders]) {
    if (valuesOf(headers, name).length > 1) return fault(400, `The header ${name} stands twice.`);
  }
  const framing = valuesOf(headers, 'transfer-encoding');
  if (framing.length > 1 || (framing[0] !== undefined && framing[0].toLowerCase() !== 'chunked'))
    return fault(400, 'The transfer coding is not read.');
  if (framing.length > 0 && (request.httpVersion === '1.0' || valuesOf(headers, 'content-length').length > 0))
    return fault(400, 'The body is framed in two ways.');
  if (!/^[a-z0-9.-]+(?::[0-9]{1,5})?$|^\[[0-9a-f:.]+\](?::[0-9]{1,5})?$/.test(request.authority))
    return fault(400, 'The authority is not read.');
  const nominated = nominatedBy(headers);
  const lost = [...KEPT, ...identityHeaders].find((name) => nominated.has(name));
  if (lost) return fault(400, `Connection nominates ${lost}.`);
  const upgrade = valuesOf(headers, 'upgrade').join(',').toLowerCase();
  if (upgrade !== '' && upgrade !== 'h2c') return fault(400, 'Upgrades are not let through.');
  // oxlint-disable-next-line no-control-regex
  if (headers.some(([, value]) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)))
    return fault(400, 'A header holds a control character.');
  return undefined;
}

function fault(status: 400 | 405, reason: string): Refusal {
  return { is: 'refusal', status, code: 'LP-REQUEST-FRAMING', reason };
}

import type { LookupCall } from '../../lookup/lookup-call.ts';
import type { Limits } from '../../limits.ts';
import type { Upstreams } from './upstreams.ts';

/** Sends one lookup; the body of its answer, or undefined if it is late, failed, or has a status other than 200. */
export async function sendLookup(
  call: LookupCall,
  { upstreams, limits }: { readonly upstreams: Upstreams; readonly limits: Limits },
): Promise<Uint8Array | undefined> {
  const response = await upstreams.fetch(
    {
      scheme: call.scheme,
      authority: call.authority,
      method: call.rule.method,
      target: call.target,
      headers: [
        ['host', call.authority],
        ['content-type', 'application/json'],
        ['accept', 'application/json'],
        ['accept-encoding', 'identity'],
      ],
      body: Buffer.from(call.body),
    },
    limits.maxBodyBytes,
    limits.lookupTimeoutMs,
  );
  return typeof response !== 'string' && response.status === 200 ? response.body : undefined;
}

import { LeakproofError } from '@leakproof/core';
import type { Upstreams } from './upstreams.ts';

/** Fetches a JSON document, such as a JWKS. Rejects if there is none. */
export async function fetchDocument(upstreams: Upstreams, url: string, timeoutMs: number): Promise<unknown> {
  const { protocol, host, pathname, search } = new URL(url);
  const response = await upstreams.fetch(
    {
      scheme: protocol === 'https:' ? 'https' : 'http',
      authority: host,
      method: 'GET',
      target: `${pathname}${search}`,
      headers: [
        ['host', host],
        ['accept', 'application/json'],
      ],
      body: undefined,
    },
    1024 * 1024,
    { timeoutMs },
  );
  if (typeof response === 'string' || response.status !== 200)
    throw new LeakproofError('LP-ORIGIN-UNREACHABLE', 'The key set of an issuer could not be fetched.');
  return JSON.parse(Buffer.from(response.body).toString('utf8'));
}

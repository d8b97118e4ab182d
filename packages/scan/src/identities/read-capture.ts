import { dirname, resolve } from 'node:path';
import { type Exchange, isLeakproofError, LeakproofError } from '@leakproof/core';
import { bytesOf, readBytes, type Reading, readTraffic, type TrafficOptions } from '@leakproof/sources';
import type { ReadCapture } from './kinds/credential-kind.ts';
import type { ReadSecret } from './read-secret.ts';

/** Reads captures from files relative to `identitiesFile`, with the reader of their format, and from what `readSecret` finds. */
export function capturesBeside(
  identitiesFile: string,
  { readSecret, keyOf }: { readonly readSecret: ReadSecret } & Pick<TrafficOptions, 'keyOf'>,
): ReadCapture {
  const here = dirname(resolve(identitiesFile));
  return async (source) => {
    if ('file' in source) return collect(source.file, readTraffic(resolve(here, source.file), { keyOf }));
    const name = 'env' in source ? source.env : (source.exec[0] ?? '');
    return collect(name, flatten(readBytes(bytesOf(name, await readSecret(source)))));
  };
}

async function collect(name: string, readings: AsyncIterable<Reading>): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  try {
    for await (const reading of readings) if (reading.type === 'exchange') exchanges.push(reading.exchange);
  } catch (cause) {
    if (!isLeakproofError(cause)) throw cause;
    throw new LeakproofError('LP-SECRET-MISSING', `${name} cannot be read as a capture.`, { cause });
  }
  return exchanges;
}

async function* flatten(batches: AsyncIterable<readonly Reading[]>): AsyncGenerator<Reading> {
  for await (const batch of batches) yield* batch;
}

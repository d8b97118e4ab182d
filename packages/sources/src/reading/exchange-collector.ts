import type { Exchange } from '@leakproof/core';
import type { ByteSource } from './bytes/byte-source.ts';
import { createFingerprint } from './caller.ts';
import type { SourceContext } from './exchange-parts.ts';
import type { PathVariables, Reading, ReadOptions } from './reader.ts';
import type { RejectCode } from './reject-codes.ts';
import { createRejects, type Rejects } from './rejects.ts';

/** Counts a lost part of one item. */
export type RejectPart = (code: RejectCode, count?: number) => void;

/** Collects the readings of one source of exchanges into batches. */
export interface ExchangeCollector {
  /** A caller without a credential is taken for anonymous; a reader that knows better overrides `without`. */
  readonly source: SourceContext;
  readonly rejects: Rejects;
  /** For lost parts of the item at `at`. */
  rejectPartAt(at: string): RejectPart;
  /** Adds one item: an exchange, or the reason why it is none. */
  add(exchange: Exchange | RejectCode, at: string, pathVariables?: PathVariables): void;
  /** The readings added since the last call. */
  take(): readonly Reading[];
  /** The last batch: readings and lost parts that were not taken yet. */
  finish(): readonly Reading[];
}

export function collectExchanges(reader: string, input: ByteSource, options: ReadOptions): ExchangeCollector {
  const rejects = createRejects(reader, input.name);
  let batch: Reading[] = [];
  const take = (): readonly Reading[] => {
    const taken = batch;
    batch = [];
    return taken;
  };
  return {
    source: {
      reader,
      file: input.name,
      fingerprint: createFingerprint(options.fingerprintKey),
      without: 'anonymous',
      identity: options.identity,
    },
    rejects,
    rejectPartAt: (at) => (code, count) => rejects.part(code, at, count),
    add: (exchange, at, pathVariables) => {
      if (typeof exchange === 'string') batch.push(rejects.one(exchange, at));
      else batch.push({ type: 'exchange', exchange, ...(pathVariables && { pathVariables }) });
    },
    take,
    finish: () => [...take(), ...rejects.drain()],
  };
}

/** Pushes every piece of `input` into `splitter` and yields what was collected after each. */
export async function* collectPieces(
  input: AsyncIterable<Uint8Array>,
  splitter: { push(piece: Uint8Array): void },
  collector: ExchangeCollector,
): AsyncGenerator<readonly Reading[]> {
  for await (const piece of input) {
    splitter.push(piece);
    yield collector.take();
  }
}

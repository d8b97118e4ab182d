// The process of the engine: one call, one answer. Started by `callEngine`.
import { setPriority } from 'node:os';
import { isLeakproofError } from '@leakproof/core';
import { engineError } from '../ask-ledger.ts';
import { CALLS } from './calls.ts';

setPriority(0, 19);

process.on('message', (message: { readonly call: keyof typeof CALLS; readonly options: never }) => {
  void answer(message);
});

async function answer({
  call,
  options,
}: {
  readonly call: keyof typeof CALLS;
  readonly options: never;
}): Promise<void> {
  try {
    process.send?.({ result: await CALLS[call](options) });
  } catch (thrown) {
    const error = engineError(thrown);
    process.send?.({
      error: isLeakproofError(error)
        ? { code: error.code, detail: error.message, fix: error.fix }
        : { detail: error instanceof Error ? error.message : String(error) },
    });
  }
  process.disconnect();
}

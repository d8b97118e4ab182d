import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, LeakproofError } from '@leakproof/core';
import type { CallResult, Calls } from './calls.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');
const SERVE = fileURLToPath(new URL(IS_SOURCE ? './serve-calls.ts' : './serve-calls.js', import.meta.url));

interface Failure {
  readonly code?: ErrorCode;
  readonly detail: string;
  readonly fix?: string;
}

/**
 * Runs one call in a process of its own, with the lowest priority: the engine's memory, its faults and its use of the processor
 * stay outside this process. Throws what the call throws, and LP-LEDGER-ENGINE if the process ends without an answer.
 */
export async function callEngine<Name extends keyof Calls>(
  call: Name,
  options: Parameters<Calls[Name]>[0],
): Promise<CallResult<Name>> {
  const child = fork(SERVE, {
    execArgv: IS_SOURCE ? ['--conditions=source'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let talk = '';
  child.stderr?.on('data', (chunk: Buffer) => (talk = `${talk}${chunk.toString()}`.slice(-2000)));
  return new Promise<CallResult<Name>>((resolve, reject) => {
    child.once('message', (message: { readonly result?: unknown; readonly error?: Failure }) => {
      if (message.error) reject(toError(message.error));
      else resolve(message.result as CallResult<Name>);
    });
    child.once('error', (cause) => reject(toError({ detail: cause.message })));
    child.once('close', (code, signal) =>
      reject(toError({ detail: `It ended with ${signal ?? code}. ${talk.trim()}` })),
    );
    child.send({ call, options });
  });
}

function toError({ code, detail, fix }: Failure): LeakproofError {
  if (code === undefined) return new LeakproofError('LP-LEDGER-ENGINE', `The engine failed: ${detail}`);
  return new LeakproofError(code, detail, fix === undefined ? {} : { fix });
}

/** The guard with its log, as in production. */
import { readFileSync } from 'node:fs';
import type { CompiledContract, Mode } from '@leakproof/core';
import { type Limits, startGuard, tuneGarbageCollector } from '@leakproof/guard';
import { tokenizer } from '@leakproof/tokens';
import { openLog } from '@leakproof/log';

export interface GuardScript {
  readonly contractFile: string;
  readonly logDirectory: string;
  readonly originPort: number;
  readonly internalPort: number;
  /** Default: that of the contract, enforce. */
  readonly mode?: Mode;
  readonly limits?: Partial<Limits>;
}

const options = JSON.parse(process.argv[2] ?? '') as GuardScript;
tuneGarbageCollector();
const guard = await startGuard({
  contract: JSON.parse(readFileSync(options.contractFile, 'utf8')) as CompiledContract,
  contractDigest: 'bench',
  mode: options.mode,
  limits: options.limits ?? {},
  listen: { host: '127.0.0.1', port: 0 },
  upstreams: (authority) => ({
    host: '127.0.0.1',
    port: authority === 'internal.test' ? options.internalPort : options.originPort,
  }),
  log: openLog({ directory: options.logDirectory, now: Date.now }),
  tokenize: tokenizer(new Uint8Array(32).fill(7)),
  now: Date.now,
});
process.stdout.write(`${guard.port}\n`);
process.stdin.resume().on('end', () => process.exit());

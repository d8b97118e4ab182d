import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunningGuard, startGuard } from '@leakproof/guard';
import { tokenizer } from '@leakproof/tokens';
import { type Lab, startLab } from '@leakproof/lab';
import { type FactLog, openLog } from '@leakproof/log';
import { loadContractFile } from '@leakproof/cli';
import type { ReadContract } from '@leakproof/core';

export const CONTRACT = resolve(import.meta.dirname, '../../examples/cadence/contract.yaml');

/** The lab and guards in front of it, for tests across packages. */
export interface Cadence {
  readonly lab: Lab;
  readonly file: ReadContract;
  /** Starts a guard in front of the lab, with a log of its own. */
  guard(options?: GuardedOptions): Promise<Guarded>;
  close(): Promise<void>;
}

export interface GuardedOptions {
  /** Default: those of the contract. An empty list removes all budgets. */
  readonly budgets?: ReadContract['contract']['budgets'];
  readonly mode?: 'enforce' | 'monitor';
  /** Waits up to 30 s for lookups and the disk: for tests of what is released, on a busy machine. */
  readonly patient?: boolean;
}

export interface Guarded {
  readonly guard: RunningGuard;
  readonly log: FactLog;
  readonly logDirectory: string;
  readonly tokenize: ReturnType<typeof tokenizer>;
  close(): Promise<void>;
}

const KEY = new Uint8Array(32).fill(7);

export async function startCadence(options: Parameters<typeof startLab>[0] = {}): Promise<Cadence> {
  const lab = await startLab({ members: 200, stage: 'open', ...options });
  const file = await loadContractFile(CONTRACT);
  return {
    lab,
    file,
    guard: async ({ budgets, mode, patient } = {}) => {
      const contract = budgets ? { ...file.contract, budgets } : file.contract;
      const logDirectory = mkdtempSync(join(tmpdir(), 'leakproof-'));
      const log = openLog({ directory: logDirectory, now: Date.now, ...(patient ? { answerWithinMs: 30_000 } : {}) });
      const tokenize = tokenizer(KEY);
      const guard = await startGuard({
        contract,
        contractDigest: file.digest,
        ...(mode ? { mode } : {}),
        ...(patient ? { limits: { lookupTimeoutMs: 30_000 } } : {}),
        listen: { host: '127.0.0.1', port: 0 },
        upstreams: (authority) => ({
          host: '127.0.0.1',
          port: authority.startsWith('internal.') ? lab.internalPort : lab.port,
        }),
        log,
        tokenize,
        now: Date.now,
      });
      return {
        guard,
        log,
        logDirectory,
        tokenize,
        close: async () => {
          await guard.close();
          await log.close();
          rmSync(logDirectory, { recursive: true, force: true });
        },
      };
    },
    close: () => lab.close(),
  };
}

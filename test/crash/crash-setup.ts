import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from './client.ts';
import { makeCrashContract } from './crash-contract.ts';
import { startPeopleOrigin } from './people-origin.ts';

/** An origin, a contract, clients with tokens and a folder for logs: what the guards under test share. */
export interface CrashSetup {
  readonly folder: string;
  readonly contractFile: string;
  readonly originPort: number;
  readonly clients: readonly Client[];
  readonly clientOf: (sub: number) => Promise<Client>;
  close(): Promise<void>;
}

const CLIENTS = 6;

export async function startCrashSetup(): Promise<CrashSetup> {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-crash-'));
  const origin = await startPeopleOrigin();
  const { contract, sign } = await makeCrashContract();
  const contractFile = join(folder, 'contract.json');
  writeFileSync(contractFile, JSON.stringify(contract));
  const clientOf = async (sub: number): Promise<Client> => ({ sub: String(sub), token: await sign(String(sub)) });
  return {
    folder,
    contractFile,
    originPort: origin.port,
    clients: await Promise.all(Array.from({ length: CLIENTS }, (_, index) => clientOf(index + 1))),
    clientOf,
    async close() {
      await origin.close();
      rmSync(folder, { recursive: true });
    },
  };
}

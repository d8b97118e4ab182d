import type { Lab } from '../lab.ts';
import { openLabClient } from '../traffic/lab-client.ts';
import { logInCast } from '../traffic/cast-directory.ts';
import type { OracleCell } from './oracle.ts';
import { walkReads } from './walk-reads.ts';

/**
 * Requests cells through another port of this machine, such as that of a proxy in front of the lab, and returns a line for each
 * that differs from its `released`. Logs in at the lab itself.
 */
export async function walkPort(lab: Lab, port: number, cells: readonly OracleCell[]): Promise<string[]> {
  const [direct, client, internalClient] = [
    openLabClient(lab.port),
    openLabClient(port),
    openLabClient(lab.internalPort),
  ];
  try {
    const directory = await logInCast(lab, direct);
    return await walkReads({ lab, client, internalClient, directory, knownValues: new Map() }, cells);
  } finally {
    for (const each of [direct, client, internalClient]) each.close();
  }
}

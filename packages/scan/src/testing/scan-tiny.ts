import { onTestFinished } from 'vitest';
import { IdentitiesSource } from '../identities/identities-source.ts';
import type { Cell } from '../ladder/cell.ts';
import { scan, type ScanOptions } from '../run/scan.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { readResolve } from '../transport/resolve-map.ts';
import { type PersonName, startTinyApi, type TinyApi, type TinyOptions } from './tiny-api.ts';
import { tinyContract } from './tiny-contract.ts';

const EVERYBODY: readonly PersonName[] = ['alba', 'bo', 'cato', 'dina'];

/** The identities file of the tiny API, with relations and states unless `isComplete` is false. */
export function tinyIdentities(names: readonly PersonName[] = EVERYBODY, isComplete = true): IdentitiesSource {
  return IdentitiesSource.parse({
    leakproof: 1,
    identities: names.map((name) => ({
      name,
      kind: 'member',
      server: 'one',
      login: { path: '/login', json: { name, password: { env: 'TINY_PASSWORD' } }, pointer: '/token' },
      ...(isComplete
        ? {
            relations: name === 'dina' && names.includes('bo') ? { friend: ['bo'] } : {},
            states: name === 'bo' || name === 'dina' ? ['private'] : [],
          }
        : {}),
    })),
  });
}

/** The options that scan the tiny API on `port`. */
export function tinyOptions(port: number, more: Partial<ScanOptions> = {}): ScanOptions {
  return {
    contract: tinyContract(),
    identities: tinyIdentities(),
    readSecret: () => Promise.resolve('canary-password'),
    resolve: readResolve([`tiny.test:80:127.0.0.1:${port}`]),
    ...more,
  };
}

export interface ScannedTiny extends ScanResult {
  readonly api: TinyApi;
  /** The verdict of one cell of `GET /user/{id}`, or `none`. */
  readonly verdict: (attacker: string, owner: string, field: string) => Cell['verdict'] | 'none';
}

/** Starts a tiny API for the length of one test, and scans it. */
export async function scanTiny(options: TinyOptions = {}, more: Partial<ScanOptions> = {}): Promise<ScannedTiny> {
  const api = await startTinyApi(options);
  onTestFinished(() => api.close());
  const result = await scan(tinyOptions(api.port, more));
  return {
    ...result,
    api,
    verdict: (attacker, owner, field) =>
      result.cells.find(
        (cell) =>
          cell.operation === 'GET /user/{id}' &&
          cell.attacker === attacker &&
          cell.owner === owner &&
          cell.field === field,
      )?.verdict ?? 'none',
  };
}

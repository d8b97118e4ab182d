import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord, type AccessRecord, type LogRecord, type TokenizedFacts } from '@leakproof/core';
import { type FactLog, openLog } from '@leakproof/log';
import { onTestFinished } from 'vitest';

/** A fresh directory for a log and its columns, removed after the test. */
export function freshLedger(): string {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export const DAY = Date.parse('2021-05-05T00:00:00Z');
export const HOUR_MS = 3_600_000;

/** A log with small segments. */
export function smallLog(directory: string, nowMs: number = DAY, segmentBytes = 4096): FactLog {
  return openLog({ directory, now: () => nowMs, segmentBytes });
}

export async function append(log: FactLog, ...records: readonly LogRecord[]): Promise<void> {
  for (const record of records) {
    const count = record.type === 'access' ? record.facts.reduce((sum, { tokens }) => sum + tokens.length, 0) : 1;
    const result = await log.append({ count, payload: encodeRecord(record) });
    if (!result.ok) throw new Error(result.code);
  }
}

const FACTS: TokenizedFacts = {
  owner: 'person',
  tokens: [token('alice')],
  role: undefined,
  about: false,
  resource: 'User',
  relations: ['anyone', 'member'],
  states: [],
  seen: ['id'],
  exposed: [],
  withheld: [],
  undeclared: 0,
};

export function access(
  request: string,
  facts: readonly Partial<TokenizedFacts>[],
  more: Partial<AccessRecord> = {},
): AccessRecord {
  return {
    type: 'access',
    time: DAY,
    request,
    server: 'us',
    operation: 'GET /users/{id}',
    principal: { kind: 'member', token: token('sam') },
    contract: 'digest',
    mode: 'enforce',
    facts: facts.map((each) => ({ ...FACTS, ...each })),
    ...more,
  };
}

export function end(request: string, ended: 'complete' | 'cut-off' = 'complete', time: number = DAY): LogRecord {
  return { type: 'end', time, requests: [request], ended };
}

/** A text of the form of a token that is different for each name. */
export function token(name: string): string {
  return Buffer.from(name.padEnd(16, '.')).toString('base64url').slice(0, 22);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@leakproof/store';
import { expect, onTestFinished, test } from 'vitest';
import { keyHash } from '@leakproof/desk';
import { startPostgres } from '../../packages/store/src/testing/postgres.ts';

const SERVER = join(import.meta.dirname, '../../packages/desk/src/testing/serve-for-kill.ts');

async function start(database: string): Promise<{ child: ChildProcess; url: string; ms: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--conditions=source', SERVER, database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout }))
    return { child, url: line, ms: performance.now() - started };
  throw new Error('The server ended before it listened.');
}

async function places(): Promise<[string, string][]> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-kill-'));
  const postgres = await startPostgres();
  onTestFinished(async () => {
    await postgres.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return [
    ['sqlite', join(directory, 'desk.db')],
    ['postgresql', await postgres.database()],
  ];
}

test('kill -9 at any moment loses no report that was acknowledged, and the next start finds the database whole', async () => {
  for (const [name, database] of await places()) {
    const keys: string[] = [];
    for (const afterMs of [200, 600]) {
      const { child, url, ms } = await start(database);
      process.stdout.write(`${name}: up after ${Math.round(ms)} ms\n`);
      expect(ms).toBeLessThan(10_000);
      const ended = once(child, 'exit');
      setTimeout(() => child.kill('SIGKILL'), afterMs);
      const send = async (): Promise<void> => {
        for (;;) {
          const body = JSON.stringify({ title: 'x', text: 'y' });
          const response = await fetch(`${url}/api/reports`, {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json' },
          });
          keys.push(((await response.json()) as { key: string }).key);
        }
      };
      await Promise.allSettled([send(), send(), send(), send()]);
      await ended;
    }
    const store = await openStore(database);
    const kept = new Set((await store.rows.all()).map((row) => row.keyHash));
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !kept.has(keyHash(key)))).toEqual([]);
    for (const { id, events } of await store.rows.all()) expect(await store.rows.eventsOf(id)).toHaveLength(events);
    await store.close();
  }
});

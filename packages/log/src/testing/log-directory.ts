import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A fresh directory that is removed after the test. */
export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-log-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

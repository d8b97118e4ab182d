import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** How a process of its own ended, and what it said. */
function ran(code: string): string {
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  return `${status} ${stderr}`;
}

test('V8 knows every flag that the collector is set up with, and says so of one it does not know', () => {
  const unknown = `import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-such-flag');`;
  expect(ran(unknown)).toMatch(/^0 [^]*unrecognized flag/);
  const collector = new URL('tune-garbage-collector.ts', import.meta.url).href;
  expect(ran(`import { tuneGarbageCollector } from '${collector}'; tuneGarbageCollector();`)).toMatch(
    /^0 (?![^]*unrecognized flag)/,
  );
});

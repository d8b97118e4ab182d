import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Exit status and standard error of a process that runs `code`. */
function run(code: string): string {
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  return `${status} ${stderr}`;
}

test('V8 knows every flag that is set, and reports a flag that it does not know', () => {
  const unknown = `import { setFlagsFromString } from 'node:v8'; setFlagsFromString('--no-such-flag');`;
  expect(run(unknown)).toMatch(/^0 [^]*unrecognized flag/);
  const module = new URL('tune-garbage-collector.ts', import.meta.url).href;
  expect(run(`import { tuneGarbageCollector } from '${module}'; tuneGarbageCollector();`)).toMatch(
    /^0 (?![^]*unrecognized flag)/,
  );
});

// What a package would publish, checked as its users would find it: publint for `exports`, attw for types.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = resolve(import.meta.dirname, '..');
const packages = readdirSync(resolve(root, 'packages'));
if (packages.length === 0) throw new Error('There is no package to check.');

let failed = false;
for (const name of packages) {
  const folder = resolve(root, 'packages', name);
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
  const errors = messages.filter((message) => message.type !== 'suggestion');
  for (const message of errors) process.stdout.write(`${name}: ${formatMessage(message, pkg) ?? message.code}\n`);
  failed ||= errors.length > 0;
  try {
    execFileSync(
      resolve(root, 'node_modules/.bin/attw'),
      ['--pack', folder, '--profile', 'esm-only', '--format', 'ascii', '--quiet'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
  } catch (error) {
    failed = true;
    process.stdout.write(`${name}: attw\n${String((error as { stdout?: Buffer }).stdout ?? error)}\n`);
  }
}
process.stdout.write(failed ? 'Packages are not as they should be.\n' : `${packages.length} packages are sound.\n`);
process.exitCode = failed ? 1 : 0;

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');
const EXAMPLES = join(ROOT, 'examples/cadence');
const npm = (cwd: string, argv: readonly string[]) => run('npm', ['--silent', ...argv], { cwd });

let elsewhere = '';
beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'leakproof-elsewhere-'));
  for (const name of ['contract.yaml', 'principals.yaml', 'schema.graphql', 'openapi.json'])
    cpSync(join(EXAMPLES, name), join(elsewhere, 'sub', name));
});
afterAll(() => rmSync(elsewhere, { recursive: true }));

test('paths of `npm run leakproof` are relative to the folder in which npm was called', async () => {
  const check = ['run', 'leakproof', '--', 'contract', 'check', 'contract.yaml'];
  const { stderr } = await npm(join(elsewhere, 'sub'), ['--prefix', ROOT, ...check]);
  expect(stderr).toContain('The contract is valid');
  const inside = await npm(EXAMPLES, ['run', 'leakproof', '--', 'map', 'inventory', 'openapi.json']);
  expect(inside.stdout).toContain('declared operations');
});

/** As npm would install them: the packed files of our packages beside what else is in `node_modules` here. */
async function install(folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter(
    (each) => each !== '@leakproof' && !each.startsWith('.'),
  ))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const name of readdirSync(join(ROOT, 'packages'))) {
    await npm(join(ROOT, 'packages', name), ['pack', '--pack-destination', folder]);
    const to = join(modules, '@leakproof', name);
    mkdirSync(to, { recursive: true });
    const own = join(ROOT, 'packages', name, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(to, 'node_modules'));
    await run('tar', ['-xzf', join(folder, `leakproof-${name}-0.0.0.tgz`), '-C', to, '--strip-components=1']);
  }
  return join(modules, '@leakproof/cli/dist/main.js');
}

test('the packed command runs in an empty folder', async () => {
  const main = await install(join(elsewhere, 'installed'));
  const leakproof = (...argv: string[]) => run(process.execPath, [main, ...argv], { cwd: join(elsewhere, 'sub') });
  expect((await leakproof('contract', 'check', 'contract.yaml')).stderr).toContain('The contract is valid');
  expect((await leakproof('map', 'inventory', 'openapi.json')).stdout).toContain('declared operations');
  expect((await leakproof('lab', 'stages')).stdout).toContain('sealed');
  await expect(leakproof('ledger', 'verify', '--log', 'none')).rejects.toMatchObject({ code: 2 });
});

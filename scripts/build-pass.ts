// The inner pass of the cut (packages/core/pass, AssemblyScript) as code that core carries with it; `--check` fails if it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { main } from 'assemblyscript/asc';

const core = resolve(import.meta.dirname, '../packages/core');
const file = resolve(core, 'src/facts/stream/pass-code.gen.ts');

const options = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--use',
  'abort=',
  '--initialMemory',
  '43',
];
let code: Uint8Array | undefined;
const { error } = await main(['pass/element.ts', 'pass/compact.ts', ...options, '--outFile', 'pass.wasm'], {
  readFile: (name, folder) => {
    try {
      return readFileSync(resolve(core, folder, name), 'utf8');
    } catch {
      return null;
    }
  },
  writeFile: (_name, contents) => {
    if (typeof contents !== 'string') code = contents;
  },
  listFiles: () => [],
});
if (error || !code) {
  process.stderr.write(`The pass does not compile: ${error?.message ?? 'nothing came of it'}\n`);
  process.exitCode = 1;
} else {
  const text = [
    '// Made of packages/core/pass by `npm run pass`.',
    `export const PASS_CODE =\n  '${Buffer.from(code).toString('base64')}';`,
    '',
  ].join('\n');
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write('pass-code.gen.ts is stale: run `npm run pass`.\n');
    process.exitCode = 1;
  }
}

// `npm run new -- check NAME` and `npm run new -- reader NAME`: a folder with the object, its cases and its page, registered.
import { resolve } from 'node:path';
import { KINDS, scaffold } from './scaffold.ts';

const [kind = '', name = '', ...rest] = process.argv.slice(2);
try {
  if (name === '' || rest.length > 0) throw new Error(`Usage: npm run new -- ${Object.keys(KINDS).join('|')} NAME`);
  const { files, toFillIn } = scaffold(kind, name, resolve(import.meta.dirname, '..'));
  const lines = [
    'Created:',
    ...files.map((file) => `  ${file}`),
    'To write:',
    ...toFillIn.map((place) => `  ${place}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

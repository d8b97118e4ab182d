import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** One import of a file. `type`: removed with the types; `lazy`: a dynamic import. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly kind: 'value' | 'type' | 'lazy';
}

const STATIC = /^(import|export)\s+(type\s+)?([^;'"]*?)\s*from\s*'([^']+)'/gm;
const BARE = /^import\s+'([^']+)'/gm;
const LAZY = /\bimport\(\s*'([^']+)'\s*\)/g;

/** Every import of a file, found in its text without comments. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  for (const [, , type, names = '', specifier = ''] of text.matchAll(STATIC)) {
    const isType =
      type !== undefined ||
      (names.startsWith('{') &&
        names
          .replaceAll(/[{}]/g, '')
          .split(',')
          .every((each) => each.trim() === '' || each.trim().startsWith('type ')));
    found.push({ file, specifier, kind: isType ? 'type' : 'value' });
  }
  for (const [, specifier = ''] of text.matchAll(BARE)) found.push({ file, specifier, kind: 'value' });
  for (const [, specifier = ''] of text.matchAll(LAZY)) found.push({ file, specifier, kind: 'lazy' });
  return found;
}

/** The TypeScript files below a folder. `product`: without tests and what only tests use. */
export function sourcesIn(folder: string, which: 'product' | 'all' = 'product'): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && (which === 'all' || !isForTests(name)))
    .map((name) => join(folder, name))
    .sort();
}

export function isForTests(name: string): boolean {
  return /\.(?:test|test-d)\.ts$/.test(name) || /(?:^|\/)testing\//.test(name);
}

/** The packages that a file imports statically, directly or not, with a file that does. `entryOf`: the entry point of a sibling package. */
export function reachedFrom(entry: string, entryOf: (specifier: string) => string | undefined): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { specifier, kind } of importsOf(file)) {
      if (kind !== 'value') continue;
      const next = specifier.startsWith('.') ? resolve(dirname(file), specifier) : entryOf(specifier);
      if (next) open.push(next);
      if (!specifier.startsWith('.')) packages.set(specifier, file);
    }
  }
  return packages;
}

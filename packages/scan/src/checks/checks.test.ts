import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scanTiny } from '../testing/scan-tiny.ts';
import { tinyContract } from '../testing/tiny-contract.ts';
import { CHECKS } from './index.ts';

const Fields = z.array(z.string());
const Case = z.strictObject({
  title: z.string(),
  /** Text to replace in the contract, and its replacement. */
  contract: z.tuple([z.string(), z.string()]).optional(),
  releases: z
    .strictObject({ anonymous: Fields, member: Fields, 'member:private': Fields, friend: Fields, self: Fields })
    .partial(),
  finds: z.array(z.strictObject({ relation: z.string(), fields: Fields })),
});

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const cases = CHECKS.flatMap((check) =>
  readdirSync(join(import.meta.dirname, check.id, 'cases')).map((name) => {
    const file = join(import.meta.dirname, check.id, 'cases', name, 'case.json');
    return { id: check.id, name, ...Case.parse(JSON.parse(readFileSync(file, 'utf8'))) };
  }),
);

describe('the audit', () => {
  test('has checks and cases to look at', () => {
    expect(CHECKS.length).toBeGreaterThanOrEqual(4);
    expect(cases.length).toBeGreaterThanOrEqual(2 * CHECKS.length);
  });

  test('every folder is a check, and every check is registered once', () => {
    expect(CHECKS.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  test.each(CHECKS)('$id has a page, references, a remediation, a leaking case and a clean one', (check) => {
    expect(existsSync(join(import.meta.dirname, check.id, 'README.md'))).toBe(true);
    for (const reference of check.references)
      expect(reference).toMatch(/^(?:API(?:10|[1-9]):20(?:19|23)|CWE-[1-9][0-9]*)$/);
    expect(check.references.map((each) => each.slice(0, 3)).sort()).toEqual(['API', 'CWE']);
    expect(check.statement).toMatch(/\.$/);
    expect(check.remediation).toMatch(/\.$/);
    const kinds = cases
      .filter(({ id }) => id === check.id)
      .map(({ name, finds }) => [name.split('.')[0], finds.length > 0]);
    expect(kinds).toContainEqual(['leaks', true]);
    expect(kinds).toContainEqual(['clean', false]);
    for (const [kind, finds] of kinds) expect(finds).toBe(kind === 'leaks');
  });
});

test.each(cases)('$id, $name: $title', async ({ id, contract, releases, finds }) => {
  const change = (text: string): string => (contract ? text.replaceAll(contract[0], contract[1]) : text);
  const changed = Object.fromEntries(Object.entries(releases).filter(([, fields]) => fields !== undefined));
  const { findings } = await scanTiny({ releases: changed }, { contract: tinyContract(change) });
  const found = findings
    .filter(({ check, verdict, operation }) => check === id && verdict === 'proven' && operation === 'GET /user/{id}')
    .map(({ relation, fields }) => ({ relation, fields }));
  expect(found).toEqual(finds);
});

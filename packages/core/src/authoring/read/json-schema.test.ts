import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ContractSource } from '../index.ts';
import { PartSource } from './source.ts';

const folder = resolve(import.meta.dirname, '../../../cases');
const cases = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

const text = JSON.stringify(z.toJSONSchema(ContractSource, { io: 'input' }), null, 2);
const schema = JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0];
const editor = z.fromJSONSchema(schema);

test('the published JSON Schema is the one that contracts are read by', async () => {
  await expect(`${text}\n`).toMatchFileSnapshot('../../../../../schema/contract.schema.json');
});

test.each(cases)('%s is valid by the schema that editors complete from', (name) => {
  const value: unknown = parse(readFileSync(resolve(folder, name), 'utf8'));
  expect(editor.safeParse(value).error).toBeUndefined();
  expect(ContractSource.safeParse(value).error).toBeUndefined();
});

test.each([
  ['an unknown key', { foriegn: 404 }],
  ['a version that does not exist', { leakproof: 2 }],
  ['no servers', { api: {} }],
  ['a mode that does not exist', { mode: 'watch' }],
])('the schema refuses %s', (_, change) => {
  const right = { leakproof: 1, api: { servers: { one: { rest: 'http://api.example' } } } };
  expect(editor.safeParse(right).success).toBe(true);
  expect(editor.safeParse({ ...right, ...change }).success).toBe(false);
});

test('there are cases to look at', () => expect(cases.length).toBeGreaterThan(30));

test('every key that a person writes says what it is for, but for those whose name says it', () => {
  const silent: string[] = [];
  let keys = 0;
  const visit = (node: unknown, at: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const properties = (node as { properties?: Record<string, { description?: string }> }).properties;
    for (const [key, value] of Object.entries(properties ?? {})) {
      keys++;
      if (value.description === undefined) silent.push(`${at}.${key}`);
    }
    for (const [key, value] of Object.entries(node)) visit(value, key === 'properties' ? at : `${at}.${key}`);
  };
  visit(schema, '');
  expect(keys).toBeGreaterThan(60);
  expect(silent.length / keys).toBeLessThan(0.6);
});

test('a file that is included has sections only', () => {
  expect(PartSource.safeParse({ states: {} }).success).toBe(true);
  expect(PartSource.safeParse({ mode: 'monitor' }).success).toBe(false);
});

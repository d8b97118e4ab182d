import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DeskConfig, policyOf, readConfig, readSecret } from './config.ts';
import { policyText } from './policy-text.ts';

test('an empty configuration is complete', () => {
  const config = readConfig('');
  expect(config).toMatchObject({
    database: 'desk.db',
    reporter: { listen: '127.0.0.1:8790' },
    promises: { answerBusinessDays: 3, deadlineDays: 90 },
  });
  expect(policyOf(config).regimes.map(({ id }) => id)).toEqual(['gdpr-33']);
});

test.each([
  ['a: [', 'line'],
  ['promises: { hearDays: 30 }', 'promises.hearDays'],
  ['promise: {}', 'promise'],
  ['calendar: { timeZone: Nowhere/Else }', 'timeZone'],
  ['regimes: [moon-law]', 'regimes'],
  ['mail: { smtp: smtps://user:secret@host, from: x }', 'mail'],
])('%s is refused, with its place', (text, place) => {
  const error = expect.objectContaining({ code: 'LP-DESK-CONFIG-INVALID' }) as Error;
  expect(() => readConfig(text, 'desk.yaml')).toThrow(error);
  try {
    readConfig(text, 'desk.yaml');
  } catch (caught) {
    const { message, where } = caught as { message: string; where?: object };
    expect(message + JSON.stringify(where ?? {})).toContain(place);
  }
});

test('a secret comes from a variable or a file, and is never empty', () => {
  expect(readSecret({ env: 'S' }, { S: ' x\n' })).toBe('x');
  const refused = expect.objectContaining({ code: 'LP-DESK-CONFIG-INVALID' }) as Error;
  expect(() => readSecret({ env: 'S' }, {})).toThrow(refused);
  expect(() => readSecret({ file: '/nowhere' }, {})).toThrow(refused);
});

test('the policy promises what the clocks keep', () => {
  const policy = policyOf(readConfig('promises: { answerBusinessDays: 2, deadlineDays: 60 }'));
  const text = policyText('Cadence', policy, 'https://r.example.org');
  expect(text).toContain('within 2 business days');
  expect(text).toContain('for 60 days');
  expect(text).toContain('may stay anonymous');
});

test('schema/desk.schema.json is the schema that desk.yaml is read by', async () => {
  const schema = z.toJSONSchema(DeskConfig, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../../schema/desk.schema.json');
});

const DOCS = readFileSync(join(import.meta.dirname, '../../../../docs/disclosure-program.md'), 'utf8');
const examples = [...DOCS.matchAll(/```yaml\n([^`]*)```/g)].map(([, text = '']) => text);

test('there are examples in the page about the program', () => expect(examples.length).toBeGreaterThanOrEqual(2));
test.each(examples)('the page has a configuration that is valid: %s', (text) =>
  expect(() => readConfig(text)).not.toThrow(),
);

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readAnswers } from './read-answers.ts';

test.each([
  ['User.contact: self', { about: 'User.contact', see: ['self'] }],
  ['User: anyone', { about: 'User', see: ['anyone'] }],
  ['Note.text: self or follower', { about: 'Note.text', see: ['self', 'follower'] }],
  ['Invoice: tenant', { about: 'Invoice', see: ['colleague'] }],
  [
    'User.location: member, narrowed by is_private',
    { about: 'User.location', see: ['member'], narrow: { flag: 'is_private', not: false, to: ['self'] } },
  ],
  [
    'Note: anyone narrowed by not public to self or editor',
    { about: 'Note', see: ['anyone'], narrow: { flag: 'public', not: true, to: ['self', 'editor'] } },
  ],
  ['{ "User.weight": "nobody" }', { about: 'User.weight', see: ['nobody'] }],
])('%s is read', (text, expected) => {
  expect(readAnswers(text)).toEqual([expected]);
});

test.each(['', '# nothing yet\n', '{}'])('a file without answers is no mistake: %j', (text) => {
  expect(readAnswers(text)).toEqual([]);
});

test.each([
  ['User.contact: [self]', 'is not a text'],
  ['User.contact: self, narrowed', 'could not be read'],
  ['User.contact: who ever asks', 'could not be read'],
  ['"two words": self', 'is no resource, class or field'],
  ['- self', 'not a list of names'],
  ['a: b: c', 'not YAML'],
  ['a: self\na: member', 'not YAML'],
  ['just text', 'not a list of names'],
])('%s is a mistake of its author', (text, message) => {
  expect(() => readAnswers(text, 'answers.yaml')).toThrow(
    expect.objectContaining({
      code: 'LP-ANSWERS-INVALID',
      message: expect.stringContaining(message) as string,
      where: { file: 'answers.yaml' },
    }) as Error,
  );
});

test('any text is answers, or a coded error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `User: ${text}`),
      ),
      (text) => {
        try {
          expect(Array.isArray(readAnswers(text))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'LP-ANSWERS-INVALID' });
        }
      },
    ),
  );
});

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Answers for leakproof map draft',
  description: 'RESOURCE, RESOURCE.CLASS or RESOURCE.FIELD → who may see it.',
  type: 'object',
  maxProperties: 200,
  propertyNames: { pattern: '^[A-Za-z_][\\w.-]{0,99}$' },
  additionalProperties: {
    type: 'string',
    description:
      'anyone, member, self, tenant, nobody, or several joined by "or"; then ", narrowed by [not ]FLAG [to WHO]".',
    pattern: '^\\s*[\\w.-]+( or [\\w.-]+)*(,? narrowed by (not )?[\\w.-]+( to [\\w.-]+( or [\\w.-]+)*)?)?\\s*$',
  },
};

test('the published JSON Schema accepts what is read', async () => {
  await expect(`${JSON.stringify(SCHEMA, null, 2)}\n`).toMatchFileSnapshot('../../../../schema/answers.schema.json');
  const pattern = new RegExp(SCHEMA.additionalProperties.pattern);
  const lab = readFileSync(resolve(import.meta.dirname, '../../../../examples/cadence/answers.yaml'), 'utf8');
  for (const line of lab.trimEnd().split('\n')) expect(line.slice(line.indexOf(':') + 2)).toMatch(pattern);
});

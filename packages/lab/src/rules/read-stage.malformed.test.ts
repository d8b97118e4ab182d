import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabError } from '../lab-error.ts';
import { parseStage, readStage } from './read-stage.ts';

const withSwitch = (each: unknown): string => JSON.stringify({ switches: [each] });

test.each([
  ['no JSON', '{', 'not JSON'],
  ['a list', '[]', 'must be an object'],
  ['no switches', '{}', '/switches: must be a list'],
  ['a name that is a number', '{"name": 7, "switches": []}', '/name: must be text'],
  ['a story that is a list', '{"story": [], "switches": []}', '/story: must be text'],
  ['an unknown key', '{"switches": [], "extends": "open"}', '/extends: unknown key'],
  ['a switch without settings', withSwitch({}), '/switches/0/set: must be an object'],
  ['a switch that is null', withSwitch(null), '/switches/0: must be an object'],
  ['an unknown region', withSwitch({ region: 'fr', set: {} }), '/switches/0/region: must be one of us, uk'],
  ['an unknown channel', withSwitch({ channel: 'fax', set: {} }), '/switches/0/channel: must be one of'],
  [
    'an unknown operation',
    withSwitch({ operations: ['GET /api/nothing'], set: {} }),
    '/switches/0/operations/0: unknown name',
  ],
  ['no operations', withSwitch({ operations: [], set: {} }), '/switches/0/operations: must be a list'],
  ['an unknown setting', withSwitch({ set: { doors: 'open' } }), '/switches/0/set/doors: unknown key'],
  [
    'an unknown value of a setting',
    withSwitch({ set: { access: 'ajar' } }),
    '/switches/0/set/access: must be one of sealed, own',
  ],
  [
    'an unknown field',
    withSwitch({ set: { forgotten: ['User.shoe_size'] } }),
    '/switches/0/set/forgotten/0: unknown name',
  ],
  [
    'a property of the prototype as a value',
    withSwitch({ set: { access: 'constructor' } }),
    '/switches/0/set/access: must be one of',
  ],
])('a stage with %s is rejected with the pointer of the error', (_, text, detail) => {
  expect(() => parseStage(text, 'mine.json')).toThrow(
    expect.objectContaining({
      code: 'LP-LAB-STAGE-FILE',
      message: expect.stringContaining(`mine.json: ${detail}`) as string,
    }) as Error,
  );
});

test('a file that is too long is rejected before it is parsed', () => {
  expect(() => parseStage(' '.repeat(1_000_001), 'mine.json')).toThrow('longer than');
});

test('a missing file is rejected', async () => {
  await expect(readStage('/nowhere/mine.json')).rejects.toMatchObject({
    code: 'LP-LAB-STAGE-FILE',
    message: '/nowhere/mine.json cannot be read: ENOENT',
  });
});

test('any JSON is a stage or a coded error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.json().map((set) => `{"switches":[{"set":${set}}]}`),
      ),
      (text) => {
        try {
          expect(Array.isArray(parseStage(text, 'mine.json').switches)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      },
    ),
  );
});

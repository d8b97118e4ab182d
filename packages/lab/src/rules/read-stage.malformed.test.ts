import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabError } from '../lab-error.ts';
import { parseStage, readStage } from './read-stage.ts';

const withSwitch = (each: unknown): string => JSON.stringify({ switches: [each] });

test.each([
  ['no JSON', '{', 'this is no JSON'],
  ['a list', '[]', 'must be an object'],
  ['no switches', '{}', '/switches: must be a list'],
  ['a name that is a number', '{"name": 7, "switches": []}', '/name: must be text'],
  ['a story that is a list', '{"story": [], "switches": []}', '/story: must be text'],
  ['a word that is not known', '{"switches": [], "extends": "open"}', '/extends: not known here'],
  ['a switch that sets nothing', withSwitch({}), '/switches/0/set: must be an object'],
  ['a switch that is null', withSwitch(null), '/switches/0: must be an object'],
  ['a region there is not', withSwitch({ region: 'fr', set: {} }), '/switches/0/region: must be one of us, uk'],
  ['a channel there is not', withSwitch({ channel: 'fax', set: {} }), '/switches/0/channel: must be one of'],
  [
    'an operation there is not',
    withSwitch({ operations: ['GET /api/nothing'], set: {} }),
    '/switches/0/operations/0: the lab has nothing',
  ],
  ['no operations', withSwitch({ operations: [], set: {} }), '/switches/0/operations: must be a list'],
  ['a switch there is not', withSwitch({ set: { doors: 'open' } }), '/switches/0/set/doors: not known here'],
  [
    'a side a switch has not',
    withSwitch({ set: { door: 'ajar' } }),
    '/switches/0/set/door: must be one of sealed, own',
  ],
  [
    'a field there is not',
    withSwitch({ set: { forgotten: ['User.shoe_size'] } }),
    '/switches/0/set/forgotten/0: the lab has nothing',
  ],
  ['a prototype for a side', withSwitch({ set: { door: 'constructor' } }), '/switches/0/set/door: must be one of'],
])('a stage with %s is refused, and the place is named', (_, text, detail) => {
  expect(() => parseStage(text, 'mine.json')).toThrow(
    expect.objectContaining({
      code: 'LP-LAB-STAGE-FILE',
      message: expect.stringContaining(`mine.json: ${detail}`) as string,
    }) as Error,
  );
});

test('a file longer than any stage is refused before it is parsed', () => {
  expect(() => parseStage(' '.repeat(1_000_001), 'mine.json')).toThrow('longer than');
});

test('a file that is not there is refused', async () => {
  await expect(readStage('/nowhere/mine.json')).rejects.toMatchObject({
    code: 'LP-LAB-STAGE-FILE',
    message: '/nowhere/mine.json cannot be read: ENOENT',
  });
});

test('whatever JSON there is, it is a stage or a coded error', () => {
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

import { describe, expect, test } from 'vitest';
import { ANSWERS, writeAnswers } from '../handouts/answers.ts';
import { STAGES } from '../rules/named-stages.ts';
import { oracle, type OracleCell } from './oracle.ts';
import { provableCells } from './provable-cells.ts';

const EVERYBODY = [
  ...new Set(STAGES.slice(0, 1).flatMap((stage) => oracle({ stage }).flatMap((cell) => cell.provableWith))),
];
const TWO = ['sam', 'pia'];
const FIVE = ['sam', 'pia', 'fay', 'olga', 'hugo'];

const count = (stage: string, identities: readonly string[]): number => provableCells({ stage, identities }).length;
const key = ({ host, channel, operation, at, resource, field, viewer, owner }: OracleCell): string =>
  [host, channel, operation, at, resource, field, viewer, owner].join(' ');

test('the answers file has at most seven lines', () => {
  expect(writeAnswers().trimEnd().split('\n').length).toBeLessThanOrEqual(7);
});

describe.each(STAGES.map(({ name }) => name))('in the stage %s', (stage) => {
  test('a cell is provable only if it is a violation of the policy', () => {
    for (const cell of provableCells({ stage, identities: EVERYBODY })) expect(cell.verdict).toBe('violation');
  });

  test('more identities prove more, and never less', () => {
    const few = new Set(provableCells({ stage, identities: TWO }).map(key));
    const more = new Set(provableCells({ stage, identities: FIVE }).map(key));
    expect([...few].filter((each) => !more.has(each))).toEqual([]);
  });
});

/** What the answers and the classes forbid, if the API gave everything to everybody. */
test('nothing that the answers forbid is allowed by the policy, for anybody, in any stage', () => {
  const everything = { name: 'all', story: '', switches: [{ set: { access: 'open' as const } }] };
  const released = oracle({ stage: everything }).filter(({ kind, released: given }) => kind === 'read' && given);
  const forbidden = provableCells({ stage: everything, identities: EVERYBODY });
  expect(released.length).toBeGreaterThan(forbidden.length);
  expect(forbidden.filter(({ meant }) => meant)).toEqual([]);
  for (const { about, resource, fields } of ANSWERS) {
    const found = forbidden.filter(
      (cell) => cell.resource === resource && (fields === 'all' || fields.includes(cell.field)),
    );
    // In no stage a capture contains contacts of others: only their owner is given them.
    expect([about, found.length > 0]).toEqual([about, about !== 'User.contact']);
  }
});

test('with a stranger and an owner of a private profile the three stages of the incident have this many', () => {
  expect(['open', 'members', 'sealed'].map((stage) => count(stage, TWO))).toMatchInlineSnapshot(`
    [
      166,
      83,
      0,
    ]
  `);
});

test('an accepted follower proves nothing about the profile that they follow but what is for its owner only', () => {
  const cells = provableCells({ stage: 'members', identities: ['fay', 'pia'] }).filter(
    ({ viewer, owner }) => viewer === 'fay' && owner === 'pia',
  );
  expect(new Set(cells.map(({ field }) => field))).toEqual(new Set(['weight']));
});

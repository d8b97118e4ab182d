import { expect, test } from 'vitest';
import type { Cell, CellVerdict } from '../ladder/cell.ts';
import { compareLadder } from './compare.ts';
import type { Proof } from './proof.ts';

const LOCATION = {
  protocol: 'rest',
  operation: 'GET /user/{id}',
  at: '/city',
  resource: 'User',
  field: 'city',
  owner: 'pia',
} as const;
type Ladder = Readonly<Record<string, CellVerdict | 'gone'>>;

/** `us anonymous` → verdict: the ladder of one field of pia on two servers. */
const BEFORE: Ladder = {
  'us anonymous': 'proven',
  'us sam': 'proven',
  'us fay': 'by-design',
  'us pia': 'by-design',
  'uk anonymous': 'proven',
  'uk sam': 'proven',
  'uk pia': 'by-design',
};

const proofOf = (ladder: Ladder): Pick<Proof, 'ladder'> => ({
  ladder: Object.entries(ladder).map(([key, verdict]) => {
    const [server = '', attacker = ''] = key.split(' ');
    return { ...LOCATION, server, verdicts: { [verdict]: [attacker] } };
  }),
});
const cellsOf = (ladder: Ladder): Cell[] =>
  Object.entries(ladder).flatMap(([key, verdict]) => {
    const [server = '', attacker = ''] = key.split(' ');
    return verdict === 'gone' ? [] : [{ ...LOCATION, server, attacker, verdict, relations: [], states: [] }];
  });
const tried = (doubt?: string) =>
  Object.keys(BEFORE).map((key) => {
    const [server = '', attacker = ''] = key.split(' ');
    return { ...LOCATION, server, attacker, ...(doubt === undefined ? {} : { doubt }) };
  });
const now = (change: Ladder): Ladder => ({ ...BEFORE, ...change });
const CLOSED: Ladder = {
  'us anonymous': 'enforced',
  'us sam': 'enforced',
  'uk anonymous': 'enforced',
  'uk sam': 'enforced',
};

test.each<[string, Ladder, string]>([
  ['nothing changed', {}, 'open'],
  [
    'anonymous is closed, any member still reads',
    { 'us anonymous': 'enforced', 'uk anonymous': 'enforced' },
    'half fixed',
  ],
  ['one region is closed, its twin is not', { 'us anonymous': 'enforced', 'us sam': 'enforced' }, 'half fixed'],
  ['every attempt is closed and nobody lost anything', CLOSED, 'closed'],
  [
    'the field is gone from the responses to those who are not allowed it',
    now({ 'us anonymous': 'gone', 'us sam': 'gone', 'uk anonymous': 'gone', 'uk sam': 'gone' }),
    'closed',
  ],
  ['a follower lost it with the rest', { ...CLOSED, 'us fay': 'lost' }, 'half fixed'],
  ['the owner lost it on one server', { ...CLOSED, 'us pia': 'gone' }, 'half fixed'],
  ['the owner gets its own object nowhere', { ...CLOSED, 'us pia': 'gone', 'uk pia': 'gone' }, 'cannot tell'],
  ['one attempt is inconclusive', { ...CLOSED, 'uk sam': 'inconclusive' }, 'cannot tell'],
  ['one attempt is only likely now', { ...CLOSED, 'uk sam': 'likely' }, 'cannot tell'],
  ['an attempt that was closed is open now', { ...CLOSED, 'us fay': 'proven' }, 'half fixed'],
])('where %s, it is %s', (_title, change, verdict) => {
  expect(compareLadder(proofOf(BEFORE), { cells: cellsOf(now(change)), tried: tried() }).verdict).toBe(verdict);
});

test('an attempt without a reliable response is not closed', () => {
  const gone = now({ 'us anonymous': 'gone', 'us sam': 'gone', 'uk anonymous': 'gone', 'uk sam': 'gone' });
  expect(
    compareLadder(proofOf(BEFORE), { cells: cellsOf(gone), tried: tried('the response status was 500') }).verdict,
  ).toBe('cannot tell');
  expect(compareLadder(proofOf(BEFORE), { cells: cellsOf(gone), tried: [] }).verdict).toBe('cannot tell');
});

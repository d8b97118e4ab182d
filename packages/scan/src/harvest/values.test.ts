import { expect, test } from 'vitest';
import type { Slot } from '../plan/read-operations.ts';
import type { SeenObject } from '../reading/seen.ts';
import { Values } from './values.ts';

const ME = 'me';
const object = (
  resource: string,
  fields: Readonly<Record<string, string>>,
  owners: readonly string[] = [ME],
  within?: SeenObject,
): SeenObject => ({
  sighting: { pointer: '', resource, owners: [], ownerUnknown: false, fields: [], evidence: {}, groupTooSmall: false },
  at: '',
  owners,
  objectId: undefined,
  fields: Object.entries(fields).map(([field, text], index) => ({
    index,
    field,
    at: '',
    texts: [text],
    isContainer: false,
    isTelling: true,
  })),
  within: within && { seen: within, field: undefined },
});
const slot = (means: string, isList = false): Slot => ({
  in: 'path',
  name: means.split(' ').at(-1) ?? '',
  means,
  isList,
});

function valuesOfPia(): Values {
  const values = new Values('pia', {
    kind: 'member',
    id: 'id-of-pia',
    ids: 'person',
    space: 'all',
    claims: { org: 'northwind', iss: 'cadence' },
  });
  const list = object('List', {}, []);
  values.add(ME, 'GET /me', [
    object('User', { id: 'id-of-pia', username: 'pia' }),
    object('Workout', { id: 'workout-of-pia', ride_id: 'ride-of-all' }, [ME], list),
    object('User', { id: 'id-of-olga' }, ['somebody else']),
    object('Badge', { id: 'badge-of-olga' }, [], object('User', {}, ['somebody else'])),
  ]);
  return values;
}

test.each([
  ['user id', 'pia.id'],
  ['workout id', 'pia.Workout.id'],
  ['class ride_id', 'pia.Workout.ride_id'],
  ['search query', 'pia.User.username'],
  ['organization org', 'pia.claims.org'],
])('a slot that means %s is tried with %s first', (means, symbol) => {
  expect(valuesOfPia().for(slot(means))[0]?.symbol).toBe(symbol);
});

test('what belongs to somebody else is never a value, and neither is what every token has', () => {
  const texts = valuesOfPia()
    .for(slot('any id'))
    .map(({ text }) => text);
  expect(texts).toContain('ride-of-all');
  for (const foreign of ['id-of-olga', 'badge-of-olga', 'cadence']) expect(texts).not.toContain(foreign);
});

test('a value says which operation brought it, and is found again by its symbol', () => {
  expect(valuesOfPia().called('pia.Workout.id')).toMatchObject({ text: 'workout-of-pia', from: 'GET /me' });
  expect(valuesOfPia().called('pia.Workout.id#2')).toBeUndefined();
});

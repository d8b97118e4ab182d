import { expect, test } from 'vitest';
import type { Slot } from '../plan/slot.ts';
import type { SeenObject } from '../reading/seen-object.ts';
import { OwnValues } from './own-values.ts';

const ME = 'me';
const OF_OLGA = { owners: ['olga'] };
const object = (
  resource: string,
  fields: Readonly<Record<string, string>>,
  { owners = [ME], within }: Partial<Pick<SeenObject, 'owners'>> & { readonly within?: SeenObject } = {},
): SeenObject => ({
  sighting: { pointer: '', resource, owners: [], ownerUnknown: false, fields: [], evidence: {}, groupTooSmall: false },
  pointer: '',
  owners,
  objectId: undefined,
  fields: Object.entries(fields).map(([field, value], index) => ({
    index,
    field,
    pointer: '',
    values: [value],
    isContainer: false,
    isDistinctive: true,
  })),
  within: within && { object: within, field: undefined },
});
const slot = (hint: string): Slot => ({
  in: 'path',
  name: hint.split(' ').at(-1) ?? '',
  hint,
  isList: false,
});

function valuesOfPia(): OwnValues {
  const values = new OwnValues('pia', {
    kind: 'member',
    id: 'id-of-pia',
    ids: 'person',
    space: 'all',
    claims: { org: 'northwind', iss: 'cadence' },
  });
  const list = object('List', {}, { owners: [] });
  values.add(ME, 'GET /me', [
    object('User', { id: 'id-of-pia', username: 'pia' }),
    object('Workout', { id: 'workout-of-pia', ride_id: 'ride-of-all' }, { within: list }),
    object('User', { id: 'id-of-olga' }, OF_OLGA),
    object('Badge', { id: 'badge-of-olga' }, { owners: [], within: object('User', {}, OF_OLGA) }),
  ]);
  return values;
}

test.each([
  ['user id', 'pia.id'],
  ['workout id', 'pia.Workout.id'],
  ['class ride_id', 'pia.Workout.ride_id'],
  ['search query', 'pia.User.username'],
  ['organization org', 'pia.claims.org'],
])('a slot that probably identifies a %s is tried with %s first', (hint, symbol) => {
  expect(valuesOfPia().candidatesFor(slot(hint))[0]?.symbol).toBe(symbol);
});

test('values of other owners and registered claims of a token are not kept', () => {
  const values = valuesOfPia()
    .candidatesFor(slot('any id'))
    .map(({ value }) => value);
  expect(values).toContain('ride-of-all');
  for (const foreign of ['id-of-olga', 'badge-of-olga', 'cadence']) expect(values).not.toContain(foreign);
});

test('a value names the operation that returned it, and is found by its symbol', () => {
  expect(valuesOfPia().bySymbol('pia.Workout.id')).toMatchObject({ value: 'workout-of-pia', from: 'GET /me' });
  expect(valuesOfPia().bySymbol('pia.Workout.id#2')).toBeUndefined();
});

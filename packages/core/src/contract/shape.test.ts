import { expect, test } from 'vitest';
import {
  holdsObjects,
  keyFor,
  keysBelow,
  mapShapesBelow,
  PLAIN,
  type SelectedKey,
  type Shape,
  shapesBelow,
} from './shape.ts';

const ANY: Shape = { type: 'any' };
const USER: Shape = { type: 'object', resource: 'User' };
const key = (field: string, more: Partial<SelectedKey> = {}): SelectedKey => ({
  field,
  nonNull: false,
  added: false,
  ...more,
});
const SELECTED: Shape = { type: 'object', resource: 'User', keys: { a: key('x', { shape: USER }), b: key('y') } };
const CHOICE: Shape = { type: 'choice', by: 'kind', cases: { a: USER, b: ANY }, otherwise: PLAIN };

test.each<[string, Shape, readonly Shape[]]>([
  ['a list', { type: 'list', of: USER }, [USER]],
  ['a map', { type: 'map', of: USER, key: 'id' }, [USER]],
  ['a choice', CHOICE, [USER, ANY, PLAIN]],
  ['a choice that drops the rest', { ...CHOICE, otherwise: 'drop' }, [USER, ANY]],
  ['an object with selected keys', SELECTED, [USER]],
  ['an object', USER, []],
  ['a plain value', PLAIN, []],
  ['any value', ANY, []],
  ['nothing', { type: 'nothing' }, []],
])('the shapes below %s', (_title, shape, below) => expect(shapesBelow(shape)).toEqual(below));

const toList = (of: Shape): Shape => ({ type: 'list', of });

test.each<[string, Shape, Shape]>([
  ['a list', { type: 'list', of: USER }, { type: 'list', of: toList(USER) }],
  ['a map', { type: 'map', of: USER, key: 'id' }, { type: 'map', of: toList(USER), key: 'id' }],
  ['a choice', CHOICE, { ...CHOICE, cases: { a: toList(USER), b: toList(ANY) }, otherwise: toList(PLAIN) }],
  [
    'a choice that drops the rest',
    { ...CHOICE, otherwise: 'drop' },
    { ...CHOICE, cases: { a: toList(USER), b: toList(ANY) }, otherwise: 'drop' },
  ],
  [
    'an object with selected keys',
    SELECTED,
    { type: 'object', resource: 'User', keys: { a: key('x', { shape: toList(USER) }), b: key('y') } },
  ],
])('the shapes below %s are changed', (_title, shape, changed) =>
  expect(mapShapesBelow(shape, toList)).toEqual(changed),
);

test.each<Shape>([USER, PLAIN, ANY, { type: 'nothing' }])('%o has none to change, and is itself', (shape) => {
  expect(mapShapesBelow(shape, toList)).toBe(shape);
});

test.each<[Shape, boolean]>([
  [USER, true],
  [{ type: 'list', of: USER }, true],
  [CHOICE, true],
  [PLAIN, false],
  [ANY, false],
  [{ type: 'list', of: PLAIN }, false],
  [{ type: 'list', of: { type: 'list', of: ANY } }, false],
])('%o holds objects: %s', (shape, expected) => expect(holdsObjects(shape)).toBe(expected));

test('a field is read by the key that was added for it, else by the first that selects it', () => {
  const keys = { x: key('id'), other: key('name'), leakproof_id: key('id', { added: true }) };
  expect(keyFor(keys, 'id')?.[0]).toBe('leakproof_id');
  expect(keyFor({ a: key('id'), b: key('id') }, 'id')?.[0]).toBe('a');
  expect(keyFor(keys, 'city')).toBeUndefined();
});

test('the keys below a key are those of its objects, in lists or not', () => {
  const keys = { id: key('id') };
  const user: Shape = { type: 'object', resource: 'User', keys };
  expect(keysBelow(key('user', { shape: user }))).toBe(keys);
  expect(keysBelow(key('users', { shape: { type: 'list', of: { type: 'list', of: user } } }))).toBe(keys);
  expect(keysBelow(key('name', { shape: PLAIN }))).toBeUndefined();
  expect(keysBelow(undefined)).toBeUndefined();
});

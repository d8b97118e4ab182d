import { expect, test } from 'vitest';
import { own } from './own.ts';

test('a record gives its own members, and none of its prototype', () => {
  const record: Record<string, unknown> = Object.create({ inherited: 1 }) as Record<string, unknown>;
  record['mine'] = 2;
  expect(own(record, 'mine')).toBe(2);
  for (const key of ['inherited', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])
    expect(own(record, key)).toBeUndefined();
  expect(own(Object.create(null) as Record<string, unknown>, 'x')).toBeUndefined();
});

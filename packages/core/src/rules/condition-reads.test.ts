import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { conditionFor, conditionPathsOf, setAtPath } from './condition-reads.ts';

const contract = contractFrom(`
relations:
  friend: { of: person, when: principal.id in object.friends }
  fan: { of: person, object: { User: object.fan.since == 1 } }
  staff: { of: person, when: principal.claims.staff == true }
states:
  private: { of: person, object: { User: object.private } }
  hidden: { of: person, object: object.hidden }
resources:
  User: { owner: id, fields: { id: self, friends: self, fan: { see: self, is: any }, private: self, hidden: self } }
  Note: { owner: author, fields: { author: self, hidden: self } }
operations: { GET /u: { by: anyone, returns: User }, GET /n: { by: anyone, returns: Note } }
`);

test('the paths of a resource are those that conditions on it, or on all, read', () => {
  expect(conditionPathsOf(contract, 'User')).toEqual([['friends'], ['fan', 'since'], ['private'], ['hidden']]);
  expect(conditionPathsOf(contract, 'Note')).toEqual([['friends'], ['hidden']]);
  expect(conditionPathsOf(contract, 'User')).toBe(conditionPathsOf(contract, 'User'));
});

test('a name of Object.prototype is no resource', () => {
  const condition = { cel: 'true', reads: [] };
  expect(conditionFor({ User: condition }, 'constructor')).toBeUndefined();
  expect(conditionFor({ '*': condition }, 'constructor')).toBe(condition);
});

test('a value is set at a path: objects are kept, anything else on the way is replaced, and no path sets nothing', () => {
  const record: Record<string, unknown> = {};
  setAtPath(record, ['a', 'b'], 1);
  setAtPath(record, ['a', 'c'], 2);
  expect(record).toEqual({ a: { b: 1, c: 2 } });
  for (const before of [null, 'text', 7]) {
    const other: Record<string, unknown> = { a: before };
    setAtPath(other, ['a', 'b'], 1);
    expect(other).toEqual({ a: { b: 1 } });
  }
  setAtPath(record, [], 3);
  expect(Object.keys(record)).toEqual(['a']);
});

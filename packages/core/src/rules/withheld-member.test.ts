import { expect, test } from 'vitest';
import type { SelectedKey } from '../contract/shape.ts';
import { withheldMember } from './withheld-member.ts';

const selected = (nonNull: boolean): SelectedKey => ({ field: 'x', nonNull, added: false });

test.each([
  ['a member of REST is omitted', undefined, undefined, 'enforce', { action: 'omit' }],
  ['the literal of the contract comes first', '"x"', selected(true), 'enforce', { action: 'replace', by: '"x"' }],
  ['what GraphQL selected is null', undefined, selected(false), 'enforce', { action: 'replace', by: 'null' }],
  ['where null is forbidden the object goes', undefined, selected(true), 'enforce', { action: 'propagate' }],
  ['but not where nothing is changed', undefined, selected(true), 'monitor', { action: 'replace', by: 'null' }],
] as const)('%s', (_title, instead, key, mode, expected) => {
  expect(withheldMember(instead, key, mode)).toEqual(expected);
});

import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const WORDS = ['member', 'self', 'follower', 'anyone', 'nobody', 'narrow'];

test.each([
  ['memebr', 'member'],
  ['Member', 'member'],
  ['sefl', 'self'],
  ['folower', 'follower'],
  ['narow', 'narrow'],
  ['anyon', 'anyone'],
  ['administrator', undefined],
  ['xyz', undefined],
  ['', undefined],
] as const)('"%s" was most likely meant to be %s', (word, meant) => expect(nearest(word, WORDS)).toBe(meant));

test('of nothing nothing is near', () => expect(nearest('self', [])).toBeUndefined());

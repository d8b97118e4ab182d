import { TAGS } from '../store/populate.ts';

const NAMES = ['SharedTag', 'EarlyBirds', 'HillClub', 'SlowSpin', 'NightShift', 'TeaRiders', 'LongHaul', 'NewLegs'];

export const tagName = (tag: number): string => NAMES[tag] ?? `Tag${tag}`;

/** The number of the tag called `name`. */
export function tagNamed(name: string): number | undefined {
  const tag = Array.from({ length: TAGS }, (_, each) => tagName(each)).indexOf(name);
  return tag === -1 ? undefined : tag;
}

import type { SightedField } from '@leakproof/core';
import { withheldMember } from '@leakproof/core/rules';
import { type KeyMeaning, type Layout, REF } from '../layout/tables.ts';
import {
  DESCEND,
  type FieldSets,
  KEEP,
  type MemberAction,
  OMIT,
  PROPAGATE_NULL,
  REPLACE,
  type Verdict,
} from './decision-tree.ts';

export const NULL_LITERAL = Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c);

/** The part of a verdict that says what happens to each member. */
type MemberTable = Omit<Verdict, 'question' | 'isHidden' | 'isOpen' | 'relations' | 'states'>;

interface RuledFields {
  /** The field that is the object's key in a map: it comes first in the numbering of `allowed`. */
  readonly keyField: SightedField | undefined;
  readonly allowed: ReadonlySet<number>;
  readonly monitor: boolean;
}

/** The action for each member of a layout, given the numbers of the fields that are allowed. */
export function memberActions(members: readonly Layout[], { keyField, allowed, monitor }: RuledFields): MemberTable {
  const actions = new Uint8Array(members.length);
  const fallbacks = new Uint8Array(members.length);
  const literals: (Uint8Array | undefined)[] = [];
  const names: (string | undefined)[] = [];
  let number = keyField ? 1 : 0;
  let undeclared = keyField?.fault === 'undeclared' ? 1 : 0;
  for (const [index, { key }] of members.entries()) {
    if (!key || key.selected?.added) {
      actions[index] = OMIT;
      literals.push(undefined);
      names.push(undefined);
      continue;
    }
    const { fallback, literal } = fallbackOf(key, monitor);
    const isAllowed = allowed.has(number++);
    actions[index] = !isAllowed ? fallback : key.plan.type >= REF ? DESCEND : KEEP;
    fallbacks[index] = fallback;
    literals.push(literal);
    const isDeclared = key.field.fault !== 'undeclared';
    if (!isDeclared) undeclared++;
    names.push(isDeclared ? key.field.field : undefined);
  }
  const keyName = keyField?.fault === 'undeclared' ? undefined : keyField?.field;
  const named = { names, keyName, undeclared };
  return {
    actions,
    fallbacks,
    literals,
    ...named,
    isWhole: actions.every((action) => action === KEEP),
    keptRuns: keptRunsOf(actions),
    setsIfReleased: fieldSetsOf(named, (member) => (actions[member] ?? OMIT) <= DESCEND),
    setsIfWithheld: { released: [], notReleased: unique([keyName, ...names]), undeclared },
  };
}

/** First and last index of each run of kept members, if every member is kept or omitted. */
function keptRunsOf(actions: Uint8Array): Int32Array | undefined {
  if (!actions.every((action) => action === KEEP || action === OMIT)) return undefined;
  const runs: number[] = [];
  for (const [index, action] of actions.entries()) {
    if (action !== KEEP) continue;
    if (index > 0 && actions[index - 1] === KEEP) runs[runs.length - 1] = index;
    else runs.push(index, index);
  }
  return Int32Array.from(runs);
}

/** What happens to a member of which nothing is kept. */
function fallbackOf(key: KeyMeaning, monitor: boolean): { fallback: MemberAction; literal?: Uint8Array } {
  if (key.instead) return { fallback: REPLACE, literal: key.instead };
  switch (withheldMember(undefined, key.selected, monitor ? 'monitor' : 'enforce').action) {
    case 'omit':
      return { fallback: OMIT };
    case 'propagate':
      return { fallback: PROPAGATE_NULL };
    case 'replace':
      return { fallback: REPLACE, literal: NULL_LITERAL };
  }
}

/** The field sets of a released object of which `isReleased` tells the members that are released. */
export function fieldSetsOf(
  { names, keyName, undeclared }: Pick<Verdict, 'names' | 'keyName' | 'undeclared'>,
  isReleased: (member: number) => boolean,
): FieldSets {
  const released = names.filter((_, index) => isReleased(index));
  const notReleased = names.filter((_, index) => !isReleased(index));
  return { released: unique([keyName, ...released]), notReleased: unique(notReleased), undeclared };
}

function unique(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

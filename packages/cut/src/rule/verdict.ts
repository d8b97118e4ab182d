import { own, ruleOn, Standing } from '@leakproof/core/rules';
import { isKnown, type Principal, type SightedField } from '@leakproof/core';
import { keysOf } from '../layout/layout.ts';
import type { Question } from './question.ts';
import {
  BUBBLE,
  ENTER,
  type FieldSets,
  type Fork,
  KEEP,
  type KeyMeaning,
  type Layout,
  OMIT,
  REF,
  REPLACE,
  type Verdict,
} from '../layout/tables.ts';

export const NULL_LITERAL = Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c);

/** What a decision tree stands under, besides the layout. */
export interface Circumstances {
  readonly principal: Principal;
  readonly ownerUnknown: boolean;
  readonly groupTooSmall: boolean;
  /** `monitor`: the body leaves as it came. */
  readonly monitor: boolean;
}

/** Where the decision trees for a principal begin: 2 more if the owner is unknown, 1 more if a crowd is too small. */
export function treeBase(principal: Principal, monitor: boolean): number {
  return kindNumber(principal) * 8 + (monitor ? 4 : 0);
}

class Unanswered extends Error {
  readonly question: Question;
  constructor(question: Question) {
    super('A question has not been answered yet.');
    this.question = question;
  }
}

/**
 * The next question for a layout after some were answered, or the verdict: the contract's own rules, run under the answers
 * given so far. Costs as much as judging one object; its results are kept in the tree.
 */
export function decide(
  layout: Layout,
  circumstances: Circumstances,
  answers: ReadonlyMap<Question, boolean>,
): Fork | Verdict {
  const { plan } = layout;
  const { contract, questions } = plan.plans;
  const { principal, ownerUnknown, groupTooSmall } = circumstances;
  const answer = (question: Question): boolean => {
    const given = answers.get(question);
    if (given === undefined) throw new Unanswered(question);
    return given;
  };
  const standing = new Standing(contract, principal, {
    standsIn: (relation, role) =>
      (relation === 'self' || own(contract.relations, relation) !== undefined) &&
      answer(questions.relation(relation, role)),
    counts: (state) => answer(questions.state(state)),
  });
  const members = keysOf(layout);
  const keyField = plan.mapField === undefined ? [] : [fieldOfKey(layout, plan.mapField)];
  const sighted = members.flatMap((each) => (each.key && !each.key.selected?.added ? [sightedField(each)] : []));
  try {
    const ruling = ruleOn(
      contract,
      {
        resource: plan.resource?.name ?? '',
        ownerUnknown,
        groupTooSmall: groupTooSmall,
        fields: [...keyField, ...sighted],
        ...(plan.narrow && plan.narrowed ? { narrow: plan.narrow } : {}),
      },
      standing,
    );
    const allowed = new Set(ruling.allowed);
    const hidden = !ruling.visible || (keyField.length > 0 && !allowed.has(0));
    const { relations, states } = ruling;
    const fates = fatesOf(members, keyField, allowed, circumstances);
    const open = !hidden && fates.fates.every((fate) => fate <= ENTER);
    return { question: undefined, hidden, open, relations, states, ...fates };
  } catch (error) {
    if (error instanceof Unanswered) return { question: error.question, yes: undefined, no: undefined };
    throw error;
  }
}

function fieldOfKey({ plan: { resource, shape } }: Layout, name: string): SightedField {
  if (!resource || !Object.hasOwn(resource.fields, name))
    return { field: name, fault: 'undeclared', outsideProjection: false };
  return { field: name, outsideProjection: shape?.only !== undefined && !shape.only.includes(name) };
}

function sightedField({ key, misshapen }: Layout): SightedField {
  const field = key?.field ?? { field: '', outsideProjection: false };
  return misshapen && !field.fault ? { ...field, fault: 'misshapen' } : field;
}

function fatesOf(
  members: readonly Layout[],
  keyField: readonly SightedField[],
  allowed: ReadonlySet<number>,
  { monitor }: Circumstances,
): Omit<Verdict, 'question' | 'hidden' | 'open' | 'relations' | 'states'> {
  const fates = new Uint8Array(members.length);
  const elseFates = new Uint8Array(members.length);
  const literals: (Uint8Array | undefined)[] = [];
  const names: (string | undefined)[] = [];
  let number = keyField.length;
  for (const [index, { key }] of members.entries()) {
    if (!key || key.selected?.added) {
      fates[index] = OMIT;
      literals.push(undefined);
      names.push(undefined);
      continue;
    }
    const { fate, literal } = withheld(key, monitor);
    const isAllowed = allowed.has(number++);
    fates[index] = !isAllowed ? fate : key.plan.kind >= REF ? ENTER : KEEP;
    elseFates[index] = fate;
    literals.push(literal);
    names.push(key.field.field);
  }
  const [keyName] = keyField.map((each) => each.field);
  const isLeft = (_: string | undefined, index: number): boolean => (fates[index] ?? OMIT) <= ENTER;
  const good = [keyName, ...names.filter(isLeft)];
  const rest = names.filter((name, index) => !isLeft(name, index));
  return {
    fates,
    elseFates,
    literals,
    names,
    keyName,
    whole: fates.every((fate) => fate === KEEP),
    runs: runsOf(fates),
    released: { good: unique(good), rest: unique(rest) },
    dropped: { good: [], rest: unique([keyName, ...names]) },
  };
}

/** Where every member is kept or left out: the first and last of each row of members that are kept. */
function runsOf(fates: Uint8Array): Int32Array | undefined {
  if (!fates.every((fate) => fate === KEEP || fate === OMIT)) return undefined;
  const runs: number[] = [];
  for (const [index, fate] of fates.entries()) {
    if (fate !== KEEP) continue;
    if (index > 0 && fates[index - 1] === KEEP) runs[runs.length - 1] = index;
    else runs.push(index, index);
  }
  return Int32Array.from(runs);
}

/** What takes the place of a withheld member (GraphQL specification, §6.4.4, where it was selected). */
function withheld(key: KeyMeaning, monitor: boolean): { fate: number; literal?: Uint8Array } {
  if (key.instead) return { fate: REPLACE, literal: key.instead };
  if (!key.selected) return { fate: OMIT };
  return key.selected.nonNull && !monitor ? { fate: BUBBLE } : { fate: REPLACE, literal: NULL_LITERAL };
}

/** The sets for an object of which `left` says by member whether its field was released. */
export function setsOf(verdict: Verdict, left: (member: number) => boolean): FieldSets {
  const good = verdict.names.filter((_, index) => left(index));
  const rest = verdict.names.filter((_, index) => !left(index));
  return { good: unique([verdict.keyName, ...good]), rest: unique(rest) };
}

function unique(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

const kinds = { known: new Map<string, number>(), unknown: new Map<string, number>() };
let kindCount = 0;

/** A dense number for what of a principal a tree may turn on. Kinds come from contracts: few, and none from a body. */
function kindNumber(principal: Principal): number {
  const numbers = isKnown(principal) ? kinds.known : kinds.unknown;
  let number = numbers.get(principal.kind);
  if (number === undefined) numbers.set(principal.kind, (number = kindCount++));
  return number;
}

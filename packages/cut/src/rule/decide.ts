import { own, ruleOn, sightedField, Standing } from '@leakproof/core/rules';
import { isKnown, type Principal, type SightedField } from '@leakproof/core';
import { keysOf } from '../layout/layout.ts';
import type { Layout } from '../layout/tables.ts';
import { type DecisionNode, DESCEND, type Verdict } from './decision-tree.ts';
import { memberActions } from './member-actions.ts';
import type { Question } from './question.ts';

/** What a decision tree depends on, besides the layout. */
export interface DecisionContext {
  readonly principal: Principal;
  readonly ownerUnknown: boolean;
  readonly groupTooSmall: boolean;
  /** `monitor`: the body is passed on unchanged. */
  readonly monitor: boolean;
}

/** The index of the first decision tree for a principal: 2 more if the owner is unknown, 1 more if a group is too small. */
export function treeBase(principal: Principal, monitor: boolean): number {
  return kindNumber(principal) * 8 + (monitor ? 4 : 0);
}

class UnansweredQuestion extends Error {
  readonly question: Question;
  constructor(question: Question) {
    super('A question has not been answered yet.');
    this.question = question;
  }
}

/**
 * The verdict on a layout, or the next question that it depends on: the contract's own rules, evaluated with the answers so far.
 * Costs as much as judging one object; the results are kept in the tree.
 */
export function decide(
  layout: Layout,
  context: DecisionContext,
  answers: ReadonlyMap<Question, boolean>,
): DecisionNode | Verdict {
  const { plan } = layout;
  const { contract, questions } = plan.plans;
  const { principal, ownerUnknown, groupTooSmall } = context;
  const answer = (question: Question): boolean => {
    const given = answers.get(question);
    if (given === undefined) throw new UnansweredQuestion(question);
    return given;
  };
  const standing = new Standing(contract, principal, {
    standsIn: (relation, role) =>
      (relation === 'self' || own(contract.relations, relation) !== undefined) &&
      answer(questions.relation(relation, role)),
    counts: (state) => answer(questions.state(state)),
  });
  const members = keysOf(layout);
  const keyField = plan.mapField === undefined ? undefined : sightedField(plan.resource, plan.shape, plan.mapField);
  const keyFields = keyField ? [keyField] : [];
  const memberFields = members.flatMap((each) => (each.key && !each.key.selected?.added ? [fieldOfMember(each)] : []));
  try {
    const { visible, allowed, relations, states } = ruleOn(
      contract,
      {
        resource: plan.resource?.name ?? '',
        ownerUnknown,
        groupTooSmall,
        fields: [...keyFields, ...memberFields],
        ...(plan.narrow && plan.appliesNarrow ? { narrow: plan.narrow } : {}),
      },
      standing,
    );
    const isHidden = !visible || (keyField !== undefined && !allowed.includes(0));
    const table = memberActions(members, { keyField, allowed: new Set(allowed), monitor: context.monitor });
    const isOpen = !isHidden && table.actions.every((action) => action <= DESCEND);
    return { question: undefined, isHidden, isOpen, relations, states, ...table };
  } catch (error) {
    if (error instanceof UnansweredQuestion) return { question: error.question, yes: undefined, no: undefined };
    throw error;
  }
}

function fieldOfMember({ key, misshapen }: Layout): SightedField {
  const field = key?.field ?? { field: '', outsideProjection: false };
  return misshapen && !field.fault ? { ...field, fault: 'misshapen' } : field;
}

const kinds = { known: new Map<string, number>(), unknown: new Map<string, number>() };
let kindCount = 0;

/** A dense number for what a tree depends on of a principal. Kinds are names of contracts, never of a body: there are few. */
function kindNumber(principal: Principal): number {
  const numbers = isKnown(principal) ? kinds.known : kinds.unknown;
  let number = numbers.get(principal.kind);
  if (number === undefined) numbers.set(principal.kind, (number = kindCount++));
  return number;
}

import { RELATION_TESTS } from '../auth/principal.ts';
import type { Relation } from '../rules/standing.ts';
import type { Region } from '../rules/stages.ts';
import { type Member, STATE_COLUMNS } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import { type Answered, json } from './answered.ts';

const MAX_OWNERS = 1000;

interface Question {
  readonly ask: string;
  readonly principal?: { readonly kind?: unknown; readonly id?: unknown };
  readonly owners: readonly string[];
}

/** States are asked for by the name of the state, `maps_private` and so on. */
const STATE_COLUMN = new Map<string, keyof Member>(STATE_COLUMNS);

/**
 * `POST /lookup`: what the origin's own back end knows of relations and states, in bulk. Owners it does not know are left out of
 * the answers, and so is everybody when the principal is unknown.
 */
export function answerLookup(store: Store, region: Region, body: string): Answered {
  const question = parseQuestion(body);
  if (question === undefined)
    return json(400, { error: 'ask, owners (at most 1000 ids) and, for a relation, principal' });
  const test = testFor(store, region, question);
  if (test === 'unheard-of') return json(400, { error: `nothing is known by the name of ${question.ask}` });
  const answers: Record<string, boolean> = {};
  for (const id of test === undefined ? [] : question.owners) {
    const owner = store.memberById(region, id);
    if (owner !== undefined && test !== undefined) answers[id] = test(owner);
  }
  return json(200, { answers });
}

type Test = (owner: Member) => boolean;

function testFor(store: Store, region: Region, { ask, principal }: Question): Test | 'unheard-of' | undefined {
  const column = STATE_COLUMN.get(ask);
  if (column !== undefined) return (owner) => owner[column] === 1;
  const relation = RELATION_TESTS[ask as Relation];
  if (relation === undefined) return 'unheard-of';
  if (principal?.kind !== 'member' || typeof principal.id !== 'string') return undefined;
  const viewer = store.memberById(region, principal.id);
  return viewer && ((owner) => relation(store, viewer, owner));
}

function parseQuestion(body: string): Question | undefined {
  try {
    const question = JSON.parse(body) as Partial<Question> | null;
    const { ask, owners } = question ?? {};
    if (typeof ask !== 'string' || !Array.isArray(owners) || owners.length > MAX_OWNERS) return undefined;
    return owners.every((id) => typeof id === 'string') ? (question as Question) : undefined;
  } catch {
    return undefined;
  }
}

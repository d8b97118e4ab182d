import { RELATION_TESTS } from '../auth/principal.ts';
import type { Relation } from '../rules/relationship.ts';
import type { Region } from '../rules/stage.ts';
import { type Member, STATE_COLUMNS } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import { type HttpResponse, json } from './http-response.ts';

const MAX_OWNERS = 1000;

interface LookupRequest {
  readonly ask: string;
  readonly principal?: { readonly kind?: unknown; readonly id?: unknown };
  readonly owners: readonly string[];
}

/** A state is looked up by its name, such as `maps_private`. */
const STATE_COLUMN = new Map<string, keyof Member>(STATE_COLUMNS);

/**
 * `POST /lookup` of the origin's internal service: relations or states of many owners at once. Unknown owners are left out of the
 * response; all of them if the principal is unknown.
 */
export function answerLookup(store: Store, region: Region, body: string): HttpResponse {
  const lookup = parseLookup(body);
  if (lookup === undefined)
    return json(400, { error: 'ask, owners (at most 1000 ids) and, for a relation, principal' });
  const test = testFor(store, region, lookup);
  if (test === 'unknown-name') return json(400, { error: `nothing is known by the name of ${lookup.ask}` });
  const answers: Record<string, boolean> = {};
  for (const id of test === undefined ? [] : lookup.owners) {
    const owner = store.memberById(region, id);
    if (owner !== undefined && test !== undefined) answers[id] = test(owner);
  }
  return json(200, { answers });
}

type OwnerTest = (owner: Member) => boolean;

function testFor(
  store: Store,
  region: Region,
  { ask, principal }: LookupRequest,
): OwnerTest | 'unknown-name' | undefined {
  const column = STATE_COLUMN.get(ask);
  if (column !== undefined) return (owner) => owner[column] === 1;
  const relation = RELATION_TESTS[ask as Relation];
  if (relation === undefined) return 'unknown-name';
  if (principal?.kind !== 'member' || typeof principal.id !== 'string') return undefined;
  const viewer = store.memberById(region, principal.id);
  return viewer && ((owner) => relation(store, viewer, owner));
}

function parseLookup(body: string): LookupRequest | undefined {
  try {
    const lookup = JSON.parse(body) as Partial<LookupRequest> | null;
    const { ask, owners } = lookup ?? {};
    if (typeof ask !== 'string' || !Array.isArray(owners) || owners.length > MAX_OWNERS) return undefined;
    return owners.every((id) => typeof id === 'string') ? (lookup as LookupRequest) : undefined;
  } catch {
    return undefined;
  }
}

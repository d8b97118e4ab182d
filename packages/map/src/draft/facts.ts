import type { Claim, Known } from '@leakproof/core';
import { idText } from '../evidence/caller-claims.ts';
import type { DraftFacts } from './draft-types.ts';
import type { Answers, Flag } from './answered.ts';
import type { FoundPrincipal } from './find-principals.ts';
import type { DraftResource } from './resource.ts';

/** What the answers of the API tell of the relations and states that the contract asks for. Contradictions tell nothing. */
export function factsOf(
  answers: Answers,
  {
    resources,
    principals,
  }: { readonly resources: readonly DraftResource[]; readonly principals: ReadonlyMap<string, FoundPrincipal> },
): DraftFacts {
  const relations = new Map<string, boolean | undefined>();
  const states = new Map<string, boolean | undefined>();
  const own = new Map<string, boolean>();
  const note = (into: Map<string, boolean | undefined>, key: string, value: boolean): void => {
    into.set(key, into.has(key) && into.get(key) !== value ? undefined : value);
  };
  for (const [relation, flag] of answers.relations) {
    for (const { owner, caller, value } of flagValues(flag, resources)) {
      for (const id of principals.get(caller)?.ids ?? []) note(relations, [relation, id, owner].join('\0'), value);
    }
  }
  for (const { name, flag, not } of answers.states.values()) {
    for (const { owner, caller, value } of flagValues(flag, resources)) {
      const key = [name, owner].join('\0');
      // What an owner reads of itself counts before what others read.
      if (principals.get(caller)?.ids.has(owner)) own.set(key, value !== not);
      note(states, key, value !== not);
    }
  }
  return { relations: known(relations), states: new Map([...known(states), ...own]) };
}

const known = (found: ReadonlyMap<string, boolean | undefined>): Map<string, boolean> =>
  new Map([...found].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));

interface FlagValue {
  readonly owner: string;
  readonly caller: string;
  readonly value: boolean;
}

/** The values of a flag of people, by whose it is and who was told. */
function* flagValues({ resource: name, field }: Flag, resources: readonly DraftResource[]): Generator<FlagValue> {
  const resource = resources.find((each) => each.name === name && each.isPrincipal);
  if (resource?.idField === undefined) return;
  for (const place of resource.places)
    for (const { value, call } of place.objects) {
      const owner = idText(value[resource.idField]);
      const told = value[field];
      if (owner !== undefined && call.caller !== undefined && typeof told === 'boolean')
        yield { owner, caller: call.caller, value: told };
    }
}

/** The facts as answers to what a contract asks. What the evidence does not tell is unknown. */
export function knownFromDraft({ relations, states }: DraftFacts): Known {
  const truth = (value: boolean | undefined): 'yes' | 'no' | 'unknown' =>
    value === undefined ? 'unknown' : value ? 'yes' : 'no';
  return {
    get: (claim: Claim) =>
      claim.type === 'state'
        ? truth(states.get([claim.state, claim.owner.id].join('\0')))
        : truth(relations.get([claim.relation, claim.principal.id, claim.owner.id].join('\0'))),
  };
}

import type { Claim, CompiledContract, Truth } from '@leakproof/core';
import type { Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { SeenObject } from '../reading/seen-object.ts';
import { relationInObject, stateInObject } from './object-conditions.ts';

/** The relations and states that the scan knows, from the identities file and from the responses of the API. */
export interface KnownRelations {
  get(claim: Claim): Truth;
  /** Claims on which the file and the API disagree; they are unknown. */
  readonly conflicts: readonly string[];
}

/** The objects of responses to one identity. */
export interface ObjectsSeenBy {
  readonly identity: Identity;
  readonly objects: readonly SeenObject[];
}

/** A state is only taken from responses to its owner, a relation only from responses to its principal. */
export function gatherKnownRelations(
  contract: CompiledContract,
  identities: readonly Identity[],
  seen: readonly ObjectsSeenBy[],
): KnownRelations {
  const byPrincipal = new Map(identities.map((identity) => [idKey(identity.principal), identity]));
  const known = new Map<string, Truth>();
  const conflicts = new Set<string>();
  const settle = (key: string, claim: string, sources: () => TruthSources): Truth => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const { fromApi, fromFile } = sources();
    const isConflict = fromApi !== 'unknown' && fromFile !== 'unknown' && fromApi !== fromFile;
    if (isConflict) conflicts.add(claim);
    const truth = isConflict ? 'unknown' : fromFile === 'unknown' ? fromApi : fromFile;
    known.set(key, truth);
    return truth;
  };
  const objectsOf = (owner: Identity, seenBy: Identity): SeenObject[] => {
    const key = ownerKeyOf(owner.principal);
    return seen.flatMap(({ identity, objects }) =>
      identity === seenBy ? objects.filter(({ owners }) => owners.includes(key)) : [],
    );
  };
  const stateOf = (state: string, owner: Identity): Truth =>
    settle(`${state}\n${owner.name}`, `${owner.name} is ${state}`, () => ({
      fromApi: consensus(objectsOf(owner, owner).map(({ sighting }) => stateInObject(contract, state, sighting))),
      fromFile: inCompleteList(owner.source.states, state),
    }));
  const relationOf = (relation: string, of: Identity, to: Identity): Truth =>
    settle(`${relation}\n${of.name}\n${to.name}`, `${of.name} is ${relation} to ${to.name}`, () => ({
      fromApi: consensus(
        objectsOf(to, of).map(({ sighting }) =>
          relationInObject(contract, { relation, principal: of.principal }, sighting),
        ),
      ),
      fromFile: inCompleteList(of.source.relations && (of.source.relations[relation] ?? []), to.name),
    }));
  return {
    get conflicts() {
      return [...conflicts].sort();
    },
    get: (claim) => {
      const owner = byPrincipal.get(idKey({ ids: claim.owner.kind, ...claim.owner }));
      if (!owner) return 'unknown';
      if (claim.type === 'state') return stateOf(claim.state, owner);
      const of = byPrincipal.get(idKey(claim.principal));
      return of ? relationOf(claim.relation, of, owner) : 'unknown';
    },
  };
}

interface TruthSources {
  readonly fromApi: Truth;
  readonly fromFile: Truth;
}

/** Called millions of times, so no JSON. An id with a line break could give two ids one key; none of those is a known identity. */
const idKey = ({ ids, space, id }: { readonly ids: string; readonly space: string; readonly id: string }): string =>
  `${ids}\n${space}\n${id}`;

/** A list in the identities file is complete: what it does not contain does not hold. */
function inCompleteList(list: readonly string[] | undefined, name: string): Truth {
  if (!list) return 'unknown';
  return list.includes(name) ? 'yes' : 'no';
}

/** The one truth of all that are known; unknown if they differ. */
function consensus(truths: readonly Truth[]): Truth {
  const known = new Set(truths.filter((each) => each !== 'unknown'));
  const [only] = known;
  return known.size === 1 && only !== undefined ? only : 'unknown';
}

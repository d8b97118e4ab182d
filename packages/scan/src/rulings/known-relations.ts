import type { Claim, CompiledContract, RelationRule, StateRule, Truth } from '@leakproof/core';
import type { Identity } from '../identities/caller.ts';
import type { SeenObject } from '../reading/seen-object.ts';
import { ObjectReadings, type ObjectsSeenBy } from './object-readings.ts';
import { isOwnerItself, readsResource, relationInObject, stateInObject } from './object-conditions.ts';

/** The relations and states that the scan knows, from the identities file and from the responses of the API. */
export interface KnownRelations {
  /** `object`: the one that is judged. A condition that reads it is answered by what its owner reads of that very object. */
  get(claim: Claim, object?: SeenObject): Truth;
  /** Claims on which the file and the API disagree; they are unknown. */
  readonly conflicts: readonly string[];
}

/** A state is only taken from responses to its owner, a relation from responses to its principal or to the owner. */
export function gatherKnownRelations(
  contract: CompiledContract,
  identities: readonly Identity[],
  seen: readonly ObjectsSeenBy[],
): KnownRelations {
  const byPrincipal = new Map(identities.map((identity) => [idKey(identity.principal), identity]));
  const gathered = new Gathered(contract, new ObjectReadings(seen));
  return {
    get conflicts() {
      return gathered.conflicts;
    },
    get: (claim, object) => {
      const owner = byPrincipal.get(idKey({ ids: claim.owner.kind, ...claim.owner }));
      if (!owner) return 'unknown';
      if (claim.type === 'state') return gathered.stateOf(claim.state, owner, object);
      const of = byPrincipal.get(idKey(claim.principal));
      return of ? gathered.relationOf({ relation: claim.relation, of, to: owner }, object) : 'unknown';
    },
  };
}

/** `of` is in the relation to `to`. */
interface NamedRelation {
  readonly relation: string;
  readonly of: Identity;
  readonly to: Identity;
}

class Gathered {
  readonly #contract: CompiledContract;
  readonly #readings: ObjectReadings;
  readonly #truths = new Map<string, Truth>();
  readonly #conflicts = new Set<string>();

  constructor(contract: CompiledContract, readings: ObjectReadings) {
    this.#contract = contract;
    this.#readings = readings;
  }

  get conflicts(): string[] {
    return [...this.#conflicts].sort();
  }

  stateOf(state: string, owner: Identity, object: SeenObject | undefined): Truth {
    const rule = this.#contract.states[state];
    const truthIn = ({ sighting }: SeenObject): Truth => stateInObject(this.#contract, state, sighting);
    const very = rule && this.#veryObject(rule, object);
    if (very) {
      const truth = this.#remembered(`${state}\n${owner.name}\n${keyOf(very)}`, () =>
        consensus(this.#readings.ofVery(very, owner).map(truthIn)),
      );
      if (truth !== 'unknown') return truth;
    }
    return this.#remembered(`${state}\n${owner.name}`, () =>
      this.#settle(`${owner.name} is ${state}`, {
        fromApi: consensus(this.#ofOwner(rule, owner, owner).map(truthIn)),
        fromFile: inCompleteList(owner.source.states, state),
      }),
    );
  }

  relationOf({ relation, of, to }: NamedRelation, object: SeenObject | undefined): Truth {
    const rule = this.#contract.relations[relation];
    const truthIn =
      (readBy: 'principal' | 'owner') =>
      ({ sighting }: SeenObject): Truth =>
        relationInObject(this.#contract, { relation, principal: of.principal, readBy }, sighting);
    const key = `${relation}\n${of.name}\n${to.name}`;
    const very = rule && this.#veryObject(rule, object);
    if (very) {
      const truth = this.#remembered(`${key}\n${keyOf(very)}`, () =>
        consensus([
          ...this.#readings.ofVery(very, of).map(truthIn('principal')),
          ...this.#readings.ofVery(very, to).map(truthIn('owner')),
        ]),
      );
      if (truth !== 'unknown') return truth;
    }
    return this.#remembered(key, () =>
      this.#settle(`${of.name} is ${relation} to ${to.name}`, {
        fromApi: consensus([
          ...this.#ofOwner(rule, to, of).map(truthIn('principal')),
          ...this.#ofOwner(rule, to, to).map(truthIn('owner')),
        ]),
        fromFile: inCompleteList(of.source.relations && (of.source.relations[relation] ?? []), to.name),
      }),
    );
  }

  /** The object that a condition of the rule reads, unless it is its owner: then the answer is that of the owner. */
  #veryObject(rule: StateRule | RelationRule, object: SeenObject | undefined): SeenObject | undefined {
    let at = object;
    while (at && !readsResource(rule, at.sighting.resource)) at = at.sighting.parent ? at.within?.object : undefined;
    return at && !isOwnerItself(this.#contract, at.sighting.resource) ? at : undefined;
  }

  /**
   * The objects of an owner that tell something of the owner itself: all if the back end can be asked about owners (`lookup`),
   * otherwise those that are the owner. One of many things that somebody owns is no answer for the others.
   */
  #ofOwner(rule: StateRule | RelationRule | undefined, owner: Identity, readBy: Identity): readonly SeenObject[] {
    const objects = this.#readings.ofOwner(owner, readBy);
    return rule?.lookup ? objects : objects.filter(({ sighting }) => isOwnerItself(this.#contract, sighting.resource));
  }

  #settle(claim: string, { fromApi, fromFile }: TruthSources): Truth {
    const isConflict = fromApi !== 'unknown' && fromFile !== 'unknown' && fromApi !== fromFile;
    if (isConflict) this.#conflicts.add(claim);
    return isConflict ? 'unknown' : fromFile === 'unknown' ? fromApi : fromFile;
  }

  #remembered(key: string, find: () => Truth): Truth {
    const known = this.#truths.get(key);
    if (known !== undefined) return known;
    const truth = find();
    this.#truths.set(key, truth);
    return truth;
  }
}

interface TruthSources {
  readonly fromApi: Truth;
  readonly fromFile: Truth;
}

const keyOf = ({ sighting, objectId }: SeenObject): string => `${sighting.resource}\n${objectId ?? ''}`;

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

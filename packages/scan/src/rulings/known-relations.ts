import { type Truth, type Claim, type CompiledContract, isKnown, ownerKey, type Principal } from '@leakproof/core';
import { type Identity } from '../identities/caller.ts';
import type { SeenObject } from '../reading/seen.ts';
import { relationSaid, stateSaid } from './said.ts';

/** What the scan knows of relations and states, by who said it: the identities file, and the API to those concerned. */
export interface KnownRelations {
  get(claim: Claim): Truth;
  /** Claims on which the file and the API disagree: they count as not known. */
  readonly conflicts: readonly string[];
}

/** One answer as it was given to one identity. */
export interface Told {
  readonly to: Identity;
  readonly seen: readonly SeenObject[];
}

/** Gathers what is known. A state is believed from its owner's own reads only; a relation from its principal's. */
export function gatherFacts(
  contract: CompiledContract,
  identities: readonly Identity[],
  told: readonly Told[],
): KnownRelations {
  const byOwner = new Map(identities.map(({ principal }, index) => [quickKey(principal), identities[index]]));
  const answers = new Map<string, Truth>();
  const conflicts = new Set<string>();
  const settle = (key: string, what: string, ask: () => { readonly said: Truth; readonly hinted: Truth }): Truth => {
    const kept = answers.get(key);
    if (kept !== undefined) return kept;
    const { said, hinted } = ask();
    const clash = said !== 'unknown' && hinted !== 'unknown' && said !== hinted;
    if (clash) conflicts.add(what);
    const answer = clash ? 'unknown' : hinted === 'unknown' ? said : hinted;
    answers.set(key, answer);
    return answer;
  };
  const seenBy = (to: Identity, of: Identity): SeenObject[] =>
    told.flatMap((each) =>
      each.to === to ? each.seen.filter((seen) => seen.owners.includes(keyOf(of.principal))) : [],
    );
  const stateOf = (state: string, owner: Identity): Truth =>
    settle(`${state}\n${owner.name}`, `${owner.name} is ${state}`, () => ({
      said: agreed(seenBy(owner, owner).map((seen) => stateSaid(contract, state, seen.sighting))),
      hinted: hint(owner.source.states, state),
    }));
  const relationOf = (relation: string, of: Identity, to: Identity): Truth =>
    settle(`${relation}\n${of.name}\n${to.name}`, `${of.name} is ${relation} to ${to.name}`, () => ({
      said: agreed(seenBy(of, to).map((seen) => relationSaid(contract, relation, of.principal, seen.sighting))),
      hinted: hint(of.source.relations && (of.source.relations[relation] ?? []), to.name),
    }));
  return {
    get conflicts() {
      return [...conflicts].sort();
    },
    get: (claim) => {
      const owner = byOwner.get(quickKey({ ids: claim.owner.kind, ...claim.owner }));
      if (!owner) return 'unknown';
      if (claim.type === 'state') return stateOf(claim.state, owner);
      const of = byOwner.get(quickKey(claim.principal));
      return of ? relationOf(claim.relation, of, owner) : 'unknown';
    },
  };
}

/** Claims are looked up by the million. No id of a name space holds a line break that would make two keys one and be read. */
const quickKey = ({ ids, space, id }: { readonly ids: string; readonly space: string; readonly id: string }): string =>
  `${ids}\n${space}\n${id}`;

/** A list that is given is complete. */
function hint(words: readonly string[] | undefined, word: string): Truth {
  if (!words) return 'unknown';
  return words.includes(word) ? 'yes' : 'no';
}

/** The key of the owner that a principal is. */
export function keyOf(principal: Principal): string {
  if (!isKnown(principal)) return '';
  return ownerKey({ kind: principal.ids, space: principal.space, id: principal.id });
}

/** What all that say something say; two that differ say nothing. */
function agreed(answers: readonly Truth[]): Truth {
  const said = new Set(answers.filter((each) => each !== 'unknown'));
  const [only] = said;
  return said.size === 1 && only !== undefined ? only : 'unknown';
}

import {
  admit,
  type Truth,
  type Because,
  type Claim,
  type CompiledContract,
  judge,
  type Known,
  ownerKey,
  type Principal,
  type Ruling,
} from '@leakproof/core';
import { type PlannedRequest, requestFacts } from '../plan/make-request.ts';
import type { SeenObject } from '../reading/seen.ts';
import { askEverything } from './ask-everything.ts';
import type { KnownRelations } from './known-relations.ts';
import type { OperationOwners } from './operation-owners.ts';

/** What the contract says of one field of one object before one caller, by all that is known. */
export interface Meaning {
  readonly type: 'allowed' | 'forbidden' | 'unknown';
  /** Claims that would settle it: relation or state names, sorted. */
  readonly asks: readonly string[];
}

/** Why a field is forbidden, for those who sort findings. */
export interface Why {
  readonly because: Because;
  /** The caller may see something of the object. */
  readonly objectAllowed: boolean;
  /** It would be allowed if no state of the owner held. */
  readonly byState: boolean;
}

/** One question to the contract. */
export interface Case {
  /** As the contract takes the caller at this server (`atHome`). */
  readonly principal: Principal;
  readonly ask: PlannedRequest;
  readonly seen: SeenObject;
  /** Index into the fields of the sighting. */
  readonly field: number;
}

/** Which objects around an object count for it. */
type Counts = (outer: SeenObject, seen: SeenObject) => boolean;

/** How what is not known is taken. */
type Guess = 'generous' | 'strict' | 'stateless';

/** Answers what was meant, always by `admit` and `judge` of the core. What it does not know it tries both ways. */
export class Meanings {
  readonly #contract: CompiledContract;
  readonly #facts: KnownRelations;
  readonly #rulings = new WeakMap<SeenObject, Map<string, Ruling>>();
  readonly #admitted = new Map<string, boolean>();
  readonly #owners: OperationOwners;
  readonly #unnarrowed: CompiledContract;

  constructor(contract: CompiledContract, facts: KnownRelations, owners: OperationOwners) {
    this.#contract = askEverything(contract);
    this.#facts = facts;
    this.#owners = owners;
    this.#unnarrowed = withoutOwnerNarrow(this.#contract);
  }

  of(it: Case): Meaning {
    return this.#meaning(it, isAround);
  }

  /**
   * The same for the whole way to it: somebody's list that is withheld takes with it what stands there of others, and they have
   * lost nothing by that.
   */
  ofWay(it: Case): Meaning {
    return this.#meaning(it, () => true);
  }

  #meaning(it: Case, counts: Counts): Meaning {
    const strict = this.#allows(it, 'strict', counts);
    const generous = strict || this.#allows(it, 'generous', counts);
    return {
      type: strict ? 'allowed' : generous ? 'unknown' : 'forbidden',
      asks: strict || !generous ? [] : this.#asks(it),
    };
  }

  why(it: Case): Why {
    const ruling = this.#ruling(it, it.seen, 'strict');
    return {
      because: this.#because(it),
      objectAllowed: this.#isAdmitted(it, 'strict', isAround) && ruling.visible && ruling.allowed.length > 0,
      byState: this.#allows(it, 'stateless', isAround),
    };
  }

  #allows(it: Case, guess: Guess, counts: Counts): boolean {
    if (!this.#isAdmitted(it, guess, counts)) return false;
    if (this.#ruling(it, it.seen, guess).forbidden.has(it.field)) return false;
    for (let { within } = it.seen; within; { within } = within.seen) {
      if (!counts(within.seen, it.seen)) continue;
      const around = this.#ruling(it, within.seen, guess);
      if (!around.visible || (within.field !== undefined && around.forbidden.has(within.field))) return false;
    }
    return true;
  }

  #because(it: Case): Because {
    if (!this.#isAdmitted(it, 'strict', isAround)) return 'operation';
    return this.#ruling(it, it.seen, 'strict').forbidden.get(it.field) ?? 'hidden';
  }

  #ruling({ principal }: Case, seen: SeenObject, guess: Guess): Ruling {
    const key = `${guess} ${callerKey(principal)}`;
    const kept = this.#rulings.get(seen) ?? new Map<string, Ruling>();
    this.#rulings.set(seen, kept);
    const ruling = kept.get(key) ?? judge(this.#contract, principal, seen.sighting, this.#known(guess));
    kept.set(key, ruling);
    return ruling;
  }

  /** Whether the contract lets the caller make this very request. */
  #isAdmitted(it: Case, guess: Guess, counts: Counts): boolean {
    const contract = counts !== isAround || this.#isOfItsOwner(it) ? this.#contract : this.#unnarrowed;
    const key = `${callerKey(it.principal)} ${contract === this.#contract} ${whatAdmitReads(it, guess)}`;
    let admitted = this.#admitted.get(key);
    if (admitted === undefined) {
      const known = { ...this.#known(guess), owners: () => this.#owners(it.ask) };
      const request = requestFacts(it.ask.endpoint, it.ask.sketch);
      admitted = admit(contract, request, it.principal, known, true).type === 'plan';
      this.#admitted.set(key, admitted);
    }
    return admitted;
  }

  /** What stands in somebody's list is not theirs alone: the state of the list's owner says nothing of the people on it. */
  #isOfItsOwner({ ask, seen }: Case): boolean {
    const acted = this.#owners(ask);
    if (!acted || seen.owners.length === 0) return true;
    return acted.some((owner) => seen.owners.includes(ownerKey(owner)));
  }

  #known(guess: Guess): Known {
    return { get: (claim) => settled(this.#facts.get(claim), claim, guess) };
  }

  #asks({ principal, seen }: Case): string[] {
    const asks = new Set<string>();
    const known: Known = { get: (claim) => this.#facts.get(claim) };
    for (let at: SeenObject | undefined = seen; at; at = at.within?.seen) {
      for (const claim of judge(this.#contract, principal, at.sighting, known).asks)
        asks.add(claim.type === 'relation' ? claim.relation : claim.state);
    }
    return [...asks].sort();
  }
}

function settled(answer: Truth, claim: Claim, guess: Guess): Truth {
  if (guess === 'stateless' && claim.type === 'state') return 'no';
  if (answer !== 'unknown') return answer;
  if (guess === 'generous') return claim.type === 'relation' ? 'yes' : 'no';
  return claim.type === 'relation' ? 'no' : 'yes';
}

/** An object of another owner around it has cells of its own: that a list is hidden says nothing of the people on it. */
function isAround(outer: SeenObject, { owners }: SeenObject): boolean {
  return outer.owners.length === 0 || outer.owners.some((owner) => owners.includes(owner));
}

function withoutOwnerNarrow(contract: CompiledContract): CompiledContract {
  const operations = contract.operations.map((operation) =>
    operation.owner ? { ...operation, owner: { ...operation.owner, narrow: {} } } : operation,
  );
  return { ...contract, operations };
}

/** Reading a GraphQL document is slow, and what is told of its caller is all that `admit` may look at. */
function whatAdmitReads({ ask }: Case, guess: Guess): string {
  const { operation, protocol, key } = ask.endpoint;
  if (protocol === 'graphql' && !operation.parameters.some((each) => each.isPrincipal)) return key;
  return `${guess} ${ask.key}`;
}

function callerKey(principal: Principal): string {
  return 'id' in principal ? `${principal.kind} ${principal.space} ${principal.id}` : '-';
}

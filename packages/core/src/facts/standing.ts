import type { CompiledContract, Grant, RelationRule, StateRule } from '../contract/compiled.ts';
import { type ConditionScope, holds, type Truth } from '../contract/condition.ts';
import { own } from '../own.ts';
import { conditionFor } from './evidence.ts';
import { type Claim, claimKey, type Known } from './known.ts';
import { isKnown, type OwnerRef, type Principal } from './principal.ts';
import type { Because } from './judge.ts';
import type { SightedOwner, Sighting } from './sighting.ts';

/** Where one principal stands towards the owners of one object: each relation and state is worked out once, when needed. */
export class Standing {
  readonly #contract: CompiledContract;
  readonly #principal: Principal;
  readonly #sighting: Sighting;
  readonly #known: Known;
  readonly #relations = new Map<string, boolean>();
  readonly #states = new Map<string, boolean>();
  readonly #asks = new Map<string, Claim>();

  constructor(contract: CompiledContract, principal: Principal, sighting: Sighting, known: Known) {
    this.#contract = contract;
    this.#principal = principal;
    this.#sighting = sighting;
    this.#known = known;
  }

  /** Undefined if the grant lets the principal see; else the first reason why not. */
  whyNot(grant: Grant): Because | undefined {
    if (!this.#standsInAny(grant.see, grant.of)) return 'relation';
    for (const [state, relations] of Object.entries(grant.narrow)) {
      if (this.#standsInAnyUnasked(relations, grant.of)) continue;
      if (this.#stateCounts(state) && !this.#standsInAny(relations, grant.of)) return `state:${state}`;
    }
    return undefined;
  }

  /** Relations found to hold so far, and those that need no asking. */
  relations(): string[] {
    for (const name of ['anyone', 'member', 'self', this.#principal.kind]) this.#standsIn(name, undefined);
    const found = [...this.#relations]
      .filter(([, holding]) => holding)
      .map(([key]) => key.split('\u0000', 1)[0] ?? key);
    return [...new Set(found)].sort();
  }

  states(): string[] {
    return [...this.#states]
      .filter(([, counts]) => counts)
      .map(([state]) => state)
      .sort();
  }

  asks(): Claim[] {
    return [...this.#asks.values()];
  }

  /** What can be told without asking goes first: an owner's own view never waits for a lookup. */
  #standsInAny(relations: readonly string[], role: string | undefined): boolean {
    return this.#standsInAnyUnasked(relations, role) || relations.some((relation) => this.#standsIn(relation, role));
  }

  #standsInAnyUnasked(relations: readonly string[], role: string | undefined): boolean {
    return relations.some(
      (relation) => !own(this.#contract.relations, relation)?.lookup && this.#standsIn(relation, role),
    );
  }

  #standsIn(relation: string, role: string | undefined): boolean {
    const key = role === undefined ? relation : `${relation}\u0000${role}`;
    let result = this.#relations.get(key);
    if (result === undefined) this.#relations.set(key, (result = this.#workOut(relation, role)));
    return result;
  }

  #workOut(relation: string, role: string | undefined): boolean {
    const principal = this.#principal;
    if (relation === 'anyone') return true;
    if (relation === 'nobody' || !isKnown(principal)) return false;
    if (relation === 'member' || relation === principal.kind) return true;
    const owners = this.#sighting.owners.filter((each) => !each.about && (role === undefined || each.role === role));
    if (relation === 'self') {
      return owners.some(
        ({ owner }) => owner.kind === principal.ids && owner.space === principal.space && owner.id === principal.id,
      );
    }
    const rule = own(this.#contract.relations, relation);
    return (
      rule !== undefined &&
      owners.some((each) => each.owner.kind === rule.of && this.#related(relation, rule, each.owner))
    );
  }

  #related(relation: string, rule: RelationRule, owner: OwnerRef): boolean {
    const principal = this.#principal;
    if (!isKnown(principal)) return false;
    const scope = this.#scope(owner, this.#sighting);
    if (rule.when && holds(rule.when, scope) === 'yes') return true;
    if (this.#objectSays(rule.object, owner, this.#sighting) === 'yes' && this.#originKnowsCaller(owner)) return true;
    if (!rule.lookup) return false;
    return this.#ask({ is: 'relation', relation, principal, owner }) === 'yes';
  }

  /** What the origin says of its caller is believed only where it checks who that is. */
  #originKnowsCaller(owner: OwnerRef): boolean {
    const servers = this.#contract.servers.filter((server) => server.space === owner.space);
    return servers.length > 0 && servers.every((server) => server.authenticatesCaller);
  }

  #stateCounts(state: string): boolean {
    let result = this.#states.get(state);
    if (result === undefined) this.#states.set(state, (result = this.#workOutState(state)));
    return result;
  }

  #workOutState(state: string): boolean {
    const rule = own(this.#contract.states, state);
    if (!rule) return true;
    return this.#sighting.owners.some((each) => {
      if (each.owner.kind !== rule.of) return false;
      const truth = this.#truthOf(state, rule, each);
      return truth === 'yes' || (truth === 'unknown' && rule.unknown);
    });
  }

  #truthOf(state: string, rule: StateRule, { owner }: SightedOwner): Truth {
    const said = this.#objectSays(rule.object, owner, this.#sighting);
    if (said !== 'unknown') return said;
    return rule.lookup ? this.#ask({ is: 'state', state, owner }) : 'unknown';
  }

  #objectSays(conditions: RelationRule['object'], owner: OwnerRef, sighting: Sighting): Truth {
    const condition = conditions && conditionFor(conditions, sighting.resource);
    const said = condition ? holds(condition, this.#scope(owner, sighting)) : 'unknown';
    if (said !== 'unknown' || !sighting.parent) return said;
    return this.#objectSays(conditions, owner, sighting.parent);
  }

  #scope(owner: OwnerRef, sighting: Sighting): ConditionScope {
    const { kind } = this.#principal;
    const principal = isKnown(this.#principal)
      ? { kind, id: this.#principal.id, space: this.#principal.space, claims: this.#principal.claims }
      : { kind };
    return { principal, owner: { ...owner }, object: sighting.evidence };
  }

  #ask(claim: Claim): Truth {
    const answer = this.#known.get(claim);
    if (answer === 'unknown') this.#asks.set(claimKey(claim), claim);
    return answer;
  }
}

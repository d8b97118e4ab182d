import type { CompiledContract, RelationRule, StateRule } from '../contract/compiled.ts';
import { type ConditionScope, holds, type Truth } from '../contract/condition.ts';
import { own } from '../own.ts';
import { conditionFor } from './condition-reads.ts';
import type { Known } from './known.ts';
import { isKnown, type KnownPrincipal, type OwnerRef, type Principal } from './principal.ts';
import type { Sighting } from './sighting.ts';

/** The parts of a sighting that relations and states depend on. */
export type Related = Pick<Sighting, 'resource' | 'owners' | 'evidence' | 'parent'>;

/** The questions that need owners, evidence and answers; everything else follows from the kind of principal. */
export interface Relate {
  /** Whether the principal is `self`, or in a relation of the contract, to an owner in `role` (any role, if undefined). */
  standsIn(relation: string, role: string | undefined): boolean;
  /** Whether `state` holds for an owner, or counts as holding while it is not known. */
  counts(state: string): boolean;
}

/** Decides relations and states, owner by owner. */
export class Relations {
  readonly #contract: CompiledContract;
  readonly #principal: Principal;
  readonly #known: Known;
  readonly #caller: ConditionScope['principal'];

  constructor(contract: CompiledContract, principal: Principal, known: Known) {
    this.#contract = contract;
    this.#principal = principal;
    this.#known = known;
    this.#caller = callerOf(principal);
  }

  /** The answers for one object. */
  to(related: Related): Relate {
    return {
      standsIn: (relation, role) => this.#standsIn(related, relation, role),
      counts: (state) => this.#counts(related, state),
    };
  }

  #standsIn(related: Related, relation: string, role: string | undefined): boolean {
    const principal = this.#principal;
    if (!isKnown(principal)) return false;
    const owners = related.owners.filter((each) => !each.about && (role === undefined || each.role === role));
    if (relation === 'self') {
      return owners.some(
        ({ owner }) => owner.kind === principal.ids && owner.space === principal.space && owner.id === principal.id,
      );
    }
    const rule = own(this.#contract.relations, relation);
    return (
      rule !== undefined &&
      owners.some((each) => each.owner.kind === rule.of && this.related(relation, rule, each.owner, related))
    );
  }

  /** Whether the principal is in a relation to one owner. */
  // oxlint-disable-next-line max-params -- asked for every owner of every object: no object each time
  related(relation: string, rule: RelationRule, owner: OwnerRef, related: Related): boolean {
    const principal = this.#principal;
    if (!isKnown(principal)) return false;
    if (this.#known.alone) return this.#relatedAlone(relation, rule, { principal, owner });
    if (rule.when && holds(rule.when, this.#scope(owner, related)) === 'yes') return true;
    if (this.#objectSays(rule.object, owner, related) === 'yes' && this.#originKnowsCaller(owner)) return true;
    if (!rule.lookup) return false;
    return this.#known.get({ type: 'relation', relation, principal, owner }) === 'yes';
  }

  #relatedAlone(
    relation: string,
    { when, object, lookup }: RelationRule,
    { principal, owner }: { readonly principal: KnownPrincipal; readonly owner: OwnerRef },
  ): boolean {
    const ofClaims = when?.reads.length === 0;
    if (ofClaims && holds(when, this.#scope(owner, NO_OBJECT)) === 'yes') return true;
    const isAsked = object !== undefined || lookup !== undefined || (when !== undefined && !ofClaims);
    return isAsked && this.#known.get({ type: 'relation', relation, principal, owner }) === 'yes';
  }

  /** What the origin says about its caller is believed only from servers that authenticate it. */
  #originKnowsCaller(owner: OwnerRef): boolean {
    const servers = this.#contract.servers.filter((server) => server.space === owner.space);
    return servers.length > 0 && servers.every((server) => server.authenticatesCaller);
  }

  #counts(related: Related, state: string): boolean {
    const rule = own(this.#contract.states, state);
    if (!rule) return true;
    return related.owners.some((each) => each.owner.kind === rule.of && this.holds(state, rule, each.owner, related));
  }

  /** Whether a state holds for one owner of its kind, or counts as holding while it is not known. */
  // oxlint-disable-next-line max-params -- asked for every owner of every object: no object each time
  holds(state: string, rule: StateRule, owner: OwnerRef, related: Related): boolean {
    const { alone } = this.#known;
    const said = alone ? 'unknown' : this.#objectSays(rule.object, owner, related);
    const truth =
      said === 'unknown' && (rule.lookup || alone) ? this.#known.get({ type: 'state', state, owner }) : said;
    return truth === 'yes' || (truth === 'unknown' && rule.unknown);
  }

  #objectSays(conditions: RelationRule['object'], owner: OwnerRef, related: Related): Truth {
    const condition = conditions && conditionFor(conditions, related.resource);
    const said = condition ? holds(condition, this.#scope(owner, related)) : 'unknown';
    if (said !== 'unknown' || !related.parent) return said;
    return this.#objectSays(conditions, owner, related.parent);
  }

  #scope(owner: OwnerRef, related: Pick<Related, 'evidence'>): ConditionScope {
    return { principal: this.#caller, owner: { ...owner }, object: related.evidence };
  }
}

const NO_OBJECT: Pick<Related, 'evidence'> = { evidence: {} };

/** The `principal` variable of conditions. */
function callerOf(principal: Principal): ConditionScope['principal'] {
  if (!isKnown(principal)) return { kind: principal.kind };
  const { kind, id, space, claims } = principal;
  return { kind, id, space, claims };
}

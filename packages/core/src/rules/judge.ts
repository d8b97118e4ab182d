import type { CompiledContract, Grant, Resource } from '../contract/compiled.ts';
import { own } from '../own.ts';
import { AskingKnown } from './asking.ts';
import type { Because } from './because.ts';
import type { Claim } from './claim.ts';
import type { Known } from './known.ts';
import type { Principal } from './principal.ts';
import { Relations } from './relate.ts';
import { Standing } from './standing.ts';
import type { SightedField, Sighting } from './sighting.ts';

/** The parts of a sighting that a ruling depends on, besides the principal's standing. */
export type Ruled = Pick<Sighting, 'resource' | 'ownerUnknown' | 'groupTooSmall' | 'narrow' | 'fields'>;

/** The ruling on one sighting. Field numbers are indexes into `Sighting.fields`. */
export interface Ruling {
  /** The principal may know that the object exists. */
  readonly visible: boolean;
  readonly allowed: readonly number[];
  readonly forbidden: ReadonlyMap<number, Because>;
  /** The principal's relations to the owners, with `anyone` and `member`, sorted. */
  readonly relations: readonly string[];
  /** States that hold, or count as holding while unknown, sorted. */
  readonly states: readonly string[];
  /** Unknown claims that could change this ruling. */
  readonly asks: readonly Claim[];
}

/**
 * Which fields of the sighted object `principal` may see: `see` ∩ `narrow[s]` for every state s that holds or is unknown.
 * An unknown relation is absent. Pure; O(fields × relations).
 */
// oxlint-disable-next-line max-params -- the signature of the shared functions (ARCHITECTURE.md)
export function judge(contract: CompiledContract, principal: Principal, sighting: Sighting, known: Known): Ruling {
  const asking = new AskingKnown(known);
  const relations = new Relations(contract, principal, asking);
  const ruling = ruleOn(contract, sighting, new Standing(contract, principal, relations.to(sighting)));
  return { ...ruling, asks: asking.asks };
}

/** The same, with a given standing. */
export function ruleOn(contract: CompiledContract, sighting: Ruled, standing: Standing): Omit<Ruling, 'asks'> {
  const resource = own(contract.resources, sighting.resource);
  const hidden = resource ? whyHidden(resource, sighting, standing) : 'undeclared';
  const allowed: number[] = [];
  const forbidden = new Map<number, Because>();
  sighting.fields.forEach((field, index) => {
    const because = hidden ?? whyForbidden(resource, field, standing);
    if (because) forbidden.set(index, because);
    else allowed.push(index);
  });
  return {
    visible: !hidden,
    allowed,
    forbidden,
    relations: standing.relations(),
    states: standing.states(),
  };
}

/** Whether `principal` may know that the sighted object exists; the reason if not. */
function whyHidden(resource: Resource, sighting: Ruled, standing: Standing): Because | undefined {
  if (sighting.ownerUnknown) return 'owner-unknown';
  if (sighting.groupTooSmall) return 'group-too-small';
  if (sighting.narrow && standing.whyNot({ see: ['anyone'], narrow: sighting.narrow })) return 'hidden';
  if (resource.see) return standing.whyNot(resource.see) && 'hidden';
  const isOwned = typeof resource.owner !== 'string';
  const grants = Object.entries(resource.fields).flatMap(([name, field]) =>
    name === resource.id || name === '__typename' || (isOwned && field.leftToValue) ? [] : [field.grant],
  );
  return allRefused(grants, standing) ? 'hidden' : undefined;
}

function allRefused(grants: readonly Grant[], standing: Standing): boolean {
  return grants.every((grant) => standing.whyNot(grant) !== undefined);
}

function whyForbidden(resource: Resource | undefined, field: SightedField, standing: Standing): Because | undefined {
  if (field.fault) return field.fault;
  const rule = resource && own(resource.fields, field.field);
  if (!rule) return 'undeclared';
  if (field.outsideProjection) return 'projection';
  return standing.whyNot(rule.grant);
}

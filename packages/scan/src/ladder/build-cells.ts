import { type CompiledContract, principalForServer } from '@leakproof/core';
import type { Baseline } from '../evidence/baseline.ts';
import type { OperationAttempt } from '../evidence/operation-attempt.ts';
import type { Identity } from '../identities/caller.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { KnownRelations } from '../rulings/known-relations.ts';
import { Meanings } from '../rulings/meaning.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { Breach, Cell } from './cell.ts';
import { collectObservations, type ObservedCell, questionOf } from './collect-observations.ts';
import { type Observation, verdictOf } from './verdict.ts';

export interface CellContext {
  readonly contract: CompiledContract;
  readonly identities: readonly Identity[];
  readonly baseline: Baseline;
  readonly owners: OperationOwners;
  readonly relations: KnownRelations;
}

/** A cell, with the requests that proved it. */
export interface BuiltCell {
  readonly cell: Cell;
  readonly requests: readonly PlannedRequest[];
  /** The owner's values that were received. Personal data: only keyed digests of it may be written. */
  readonly values: readonly string[];
}

/** Every cell of the ladder that was tried, sorted. */
export function buildCells(attempts: readonly OperationAttempt[], context: CellContext): BuiltCell[] {
  const meanings = new Meanings(context.contract, context.relations, context.owners);
  const observed = collectObservations(attempts, { ...context, meanings });
  return [...observed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, cell]) => buildCell(cell, { ...context, meanings }));
}

type BuildContext = CellContext & { readonly meanings: Meanings };

function buildCell(observed: ObservedCell, context: BuildContext): BuiltCell {
  const { verdict, reason, deciding, isInPassing } = verdictOf(observed.observations);
  const breach = verdict === 'proven' || verdict === 'likely' ? breachOf(observed, deciding, context) : undefined;
  const cell: Cell = {
    ...observed.location,
    attacker: observed.caller.name,
    owner: observed.owner.name,
    relations: relationsOf(observed, context),
    states: statesOf(observed.owner, context),
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(isInPassing ? { inPassing: true as const } : {}),
    ...(breach ? { breach } : {}),
  };
  if (verdict !== 'proven') return { cell, requests: [], values: [] };
  return { cell, requests: deciding.map(({ request }) => request), values: deciding[0]?.field.values ?? [] };
}

function breachOf(
  { location, caller }: ObservedCell,
  deciding: readonly Observation[],
  { contract, meanings }: BuildContext,
): Breach | undefined {
  const [first] = deciding;
  if (!first) return undefined;
  const reason = meanings.reasonFor(questionOf(contract, caller, first));
  const dataClass = contract.resources[location.resource]?.fields[location.field]?.class;
  const assertsIdentity = deciding.some(({ request }) => request.recipe.some(({ isPrincipal }) => isPrincipal));
  return { ...reason, assertsIdentity, ...(dataClass === undefined ? {} : { dataClass }) };
}

function relationsOf({ caller, owner, observations: [first] }: ObservedCell, context: BuildContext): string[] {
  const { contract, relations: known } = context;
  const { identity } = caller;
  const principal = first
    ? principalForServer(contract, first.request.operation.server, caller.principal)
    : caller.principal;
  if (!('id' in principal) || !identity) return ['anyone'];
  const { ids, space, id } = owner.principal;
  const own = Object.keys(contract.relations).filter(
    (relation) =>
      known.get({ type: 'relation', relation, principal, owner: { kind: ids, space, id } }, first?.object) === 'yes',
  );
  return ['anyone', 'member', principal.kind, ...(identity === owner ? ['self'] : []), ...own]
    .filter((each, index, all) => all.indexOf(each) === index)
    .sort();
}

function statesOf({ principal: { ids, space, id } }: Identity, { contract, relations: known }: BuildContext): string[] {
  return Object.keys(contract.states)
    .filter((state) => known.get({ type: 'state', state, owner: { kind: ids, space, id } }) === 'yes')
    .sort();
}

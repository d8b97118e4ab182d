import type { CompiledContract } from '@leakproof/core';
import { callerOf, type Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import { type PlannedRequest, makeRequest } from '../plan/make-request.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import type { Recipe } from '../plan/slot.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import type { RequestRunner } from '../run/request-runner.ts';
import type { OwnInput, SymbolicInput } from './own-input.ts';
import { type OwnValue, OwnValues } from './own-values.ts';

export interface HarvestContext {
  readonly contract: CompiledContract;
  readonly runner: RequestRunner;
  readonly operations: readonly ReadOperation[];
  readonly identities: readonly Identity[];
  /** Inputs of an earlier scan: tried even if their owner does not get its own object by them any more. */
  readonly knownInputs?: readonly SymbolicInput[] | undefined;
}

const MAX_TRIES = 32;
const MAX_ROUNDS = 3;

/**
 * For every operation of the identity's id space, an input by which it reads an object of its own. Values come only from its
 * credential and its own reads; an operation for which no value is found is not tested.
 */
export async function findOwnInputs(identity: Identity, context: HarvestContext): Promise<OwnInput[]> {
  const { contract, identities } = context;
  const { space, ids } = identity.principal;
  if (!canOwn(contract, ids)) return [];
  const values = new OwnValues(identity.name, identity.principal);
  const others = identities
    .filter((each) => each !== identity && each.principal.space === space)
    .map((each) => new OwnValues(each.name, each.principal).id);
  const open = new Set(context.operations.filter(({ server }) => server.space === space));
  const tried = new Set<string>();
  const found: OwnInput[] = [];
  for (let round = 0; round < MAX_ROUNDS && open.size > 0; round++) {
    let hasNewValues = false;
    for (const operation of open) {
      const search = { context, values, others: round === 0 ? [] : others, tried };
      const input = await findInput(identity, operation, search);
      if (!input) continue;
      open.delete(operation);
      found.push(input);
      hasNewValues =
        values.add(ownerKeyOf(identity.principal), operation.declared.name, input.first.objects) || hasNewValues;
    }
    if (!hasNewValues && round > 0) break;
  }
  const bySymbol = (symbol: string): OwnValue | undefined =>
    values.bySymbol(symbol) ?? others.find((each) => each.symbol === symbol);
  return [
    ...found,
    ...[...open].flatMap((operation) => inputsOfEarlierScan(operation, { identity, context, bySymbol })),
  ];
}

const NOT_READ: ReadResponse = { status: 0, objects: [], doubt: 'its owner gets no own object there' };

interface EarlierScan {
  readonly identity: Identity;
  readonly context: HarvestContext;
  readonly bySymbol: (symbol: string) => OwnValue | undefined;
}

function inputsOfEarlierScan(operation: ReadOperation, { identity, context, bySymbol }: EarlierScan): OwnInput[] {
  const { server, protocol, declared } = operation;
  const known = (context.knownInputs ?? []).filter(
    (each) =>
      each.owner === identity.name &&
      each.server === server.name &&
      each.protocol === protocol &&
      each.operation === declared.name,
  );
  return known.flatMap(({ input }) => {
    const recipe = operation.recipes.find((each) => each.every(({ name }) => input[name] !== undefined));
    const found = recipe?.map(({ name }) => bySymbol(input[name] ?? ''));
    if (!recipe || !found?.every((value) => value !== undefined)) return [];
    const request = makeRequest(context.contract, { operation, recipe, values: found.map(({ value }) => value) });
    const symbols = found.map(({ symbol }) => symbol);
    return request ? [{ owner: identity, request, symbols, needs: [], first: NOT_READ, second: NOT_READ }] : [];
  });
}

function canOwn({ resources }: CompiledContract, kind: string): boolean {
  return Object.values(resources).some(
    ({ owner }) => typeof owner !== 'string' && owner.some((each) => each.kind === kind),
  );
}

interface Search {
  readonly context: HarvestContext;
  readonly values: OwnValues;
  readonly others: readonly OwnValue[];
  readonly tried: Set<string>;
}

async function findInput(identity: Identity, operation: ReadOperation, search: Search): Promise<OwnInput | undefined> {
  const { contract, runner } = search.context;
  const caller = callerOf(identity);
  for (const recipe of operation.recipes) {
    for (const combination of valueCombinations(recipe, search)) {
      const request = makeRequest(contract, { operation, recipe, values: combination.map(({ value }) => value) });
      if (!request || search.tried.has(request.key)) continue;
      search.tried.add(request.key);
      const first = await runner.sendOnce(caller, request);
      if (!returnsOwnObject(first, identity, request)) continue;
      const second = await runner.send(caller, request);
      return {
        owner: identity,
        request,
        symbols: combination.map(({ symbol }) => symbol),
        needs: combination.flatMap(({ from }) => from ?? []),
        first,
        second,
      };
    }
  }
  return undefined;
}

/** The likeliest values for one slot; the combinations of the likeliest few for several. At most about `MAX_TRIES`. */
function valueCombinations(recipe: Recipe, { values, others }: Search): OwnValue[][] {
  const [only, ...rest] = recipe;
  if (!only) return [[]];
  if (rest.length === 0) return [...values.candidatesFor(only).slice(0, MAX_TRIES), ...others].map((value) => [value]);
  const perSlot = Math.max(2, Math.floor(MAX_TRIES ** (1 / recipe.length)));
  return recipe.reduce<OwnValue[][]>(
    (before, slot) =>
      before.flatMap((combination) =>
        values
          .candidatesFor(slot)
          .slice(0, perSlot)
          .map((value) => [...combination, value]),
      ),
    [[]],
  );
}

/** The response contains an object of the identity, or is its own by the contract, with values that were not in the request. */
function returnsOwnObject(
  response: ReadResponse,
  { principal }: Identity,
  { inputValues, operation }: PlannedRequest,
): boolean {
  const isItsOwn = operation.declared.owner !== undefined && inputValues.includes(principal.id);
  return response.objects.some(
    ({ owners, pointer, fields }) =>
      (owners.includes(ownerKeyOf(principal)) || (isItsOwn && pointer !== '' && owners.length > 0)) &&
      fields.some(
        ({ field, values }) => field !== '__typename' && values.some((value) => !inputValues.includes(value)),
      ),
  );
}

import type { CompiledContract } from '@leakproof/core';
import { callerOf, type Identity } from '../identities/caller.ts';
import { keyOf } from '../rulings/known-relations.ts';
import { type PlannedRequest, makeRequest } from '../plan/make-request.ts';
import type { ReadEndpoint, Recipe } from '../plan/read-operations.ts';
import type { ReadResponse } from '../reading/reading.ts';
import type { RequestRunner } from '../run/asker.ts';
import { type Harvested, Values } from './values.ts';

/** How one identity reaches its own object through one door: proven by its own two reads. */
export interface OwnInput {
  readonly owner: Identity;
  readonly ask: PlannedRequest;
  /** What filled the slots, by name. */
  readonly symbols: readonly string[];
  /** Operations whose answers brought the values in the slots. */
  readonly needs: readonly string[];
  readonly first: ReadResponse;
  readonly second: ReadResponse;
}

/** An input of an earlier run, by symbols: tried even where the owner itself is told nothing there any more. */
export interface KnownInput {
  readonly owner: string;
  readonly server: string;
  readonly protocol: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
}

export interface HarvestContext {
  readonly contract: CompiledContract;
  readonly asker: RequestRunner;
  readonly endpoints: readonly ReadEndpoint[];
  readonly identities: readonly Identity[];
  readonly knownInputs?: readonly KnownInput[] | undefined;
}

const MAX_TRIES = 32;
const MAX_ROUNDS = 3;

/**
 * Finds for every door of its own id space an input by which the identity reads an object of its own. Values come from its
 * own reads, and from nowhere else: what is never found is not tested.
 */
export async function findBindings(identity: Identity, room: HarvestContext): Promise<OwnInput[]> {
  if (!canOwn(room.contract, identity.principal.ids)) return [];
  const values = new Values(identity.name, identity.principal);
  const others = room.identities
    .filter((each) => each !== identity && each.principal.space === identity.principal.space)
    .map((each) => new Values(each.name, each.principal).own);
  const open = new Set(room.endpoints.filter((endpoint) => endpoint.server.space === identity.principal.space));
  const tried = new Set<string>();
  const found: OwnInput[] = [];
  for (let round = 0; round < MAX_ROUNDS && open.size > 0; round++) {
    let isNew = false;
    for (const endpoint of open) {
      const binding = await bind(identity, endpoint, { room, values, others: round === 0 ? [] : others, tried });
      if (!binding) continue;
      open.delete(endpoint);
      found.push(binding);
      isNew = values.add(keyOf(identity.principal), endpoint.operation.name, binding.first.seen) || isNew;
    }
    if (!isNew && round > 0) break;
  }
  const called: Called = (symbol) => values.called(symbol) ?? others.find((each) => each.symbol === symbol);
  return [...found, ...[...open].flatMap((endpoint) => assume(identity, endpoint, room, called))];
}

type Called = (symbol: string) => Harvested | undefined;

const UNREAD: ReadResponse = { status: 0, seen: [], doubt: 'its owner is told nothing there' };

// oxlint-disable-next-line max-params
function assume(owner: Identity, endpoint: ReadEndpoint, room: HarvestContext, called: Called): OwnInput[] {
  return (room.knownInputs ?? []).flatMap(({ server, protocol, operation, input, ...known }) => {
    if (known.owner !== owner.name) return [];
    if (server !== endpoint.server.name || protocol !== endpoint.protocol || operation !== endpoint.operation.name)
      return [];
    const recipe = endpoint.recipes.find((each) => each.every(({ name }) => input[name] !== undefined));
    const found = recipe?.map(({ name }) => called(input[name] ?? ''));
    if (!recipe || !found?.every((value) => value !== undefined)) return [];
    const ask = makeRequest(
      room.contract,
      endpoint,
      recipe,
      found.map(({ text }) => text),
    );
    const symbols = found.map(({ symbol }) => symbol);
    return ask ? [{ owner, ask, symbols, needs: [], first: UNREAD, second: UNREAD }] : [];
  });
}

function canOwn({ resources }: CompiledContract, kind: string): boolean {
  return Object.values(resources).some(
    ({ owner }) => typeof owner !== 'string' && owner.some((each) => each.kind === kind),
  );
}

interface Trying {
  readonly room: HarvestContext;
  readonly values: Values;
  readonly others: readonly Harvested[];
  readonly tried: Set<string>;
}

async function bind(identity: Identity, endpoint: ReadEndpoint, trying: Trying): Promise<OwnInput | undefined> {
  const { contract, asker } = trying.room;
  const caller = callerOf(identity);
  for (const recipe of endpoint.recipes) {
    for (const filling of fillings(recipe, trying)) {
      const ask = makeRequest(
        contract,
        endpoint,
        recipe,
        filling.map(({ text }) => text),
      );
      if (!ask || trying.tried.has(ask.key)) continue;
      trying.tried.add(ask.key);
      const first = await asker.ask(caller, ask);
      if (!brings(first, identity, ask)) continue;
      const second = await asker.askAfresh(caller, ask);
      return {
        owner: identity,
        ask,
        symbols: filling.map(({ symbol }) => symbol),
        needs: filling.flatMap(({ from }) => from ?? []),
        first,
        second,
      };
    }
  }
  return undefined;
}

/** One slot takes the likeliest values, several slots the likeliest few of each. */
function fillings(recipe: Recipe, { values, others }: Trying): Harvested[][] {
  const [only, ...rest] = recipe;
  if (!only) return [[]];
  if (rest.length === 0) return [...values.for(only).slice(0, MAX_TRIES), ...others].map((value) => [value]);
  const perSlot = Math.max(2, Math.floor(MAX_TRIES ** (1 / recipe.length)));
  return recipe.reduce<Harvested[][]>(
    (before, slot) =>
      before.flatMap((filled) =>
        values
          .for(slot)
          .slice(0, perSlot)
          .map((value) => [...filled, value]),
      ),
    [[]],
  );
}

/** The answer holds an object of the identity, or is its own by the contract, and says more than it was asked with. */
function brings(reading: ReadResponse, { principal }: Identity, { named, endpoint }: PlannedRequest): boolean {
  const isItsOwn = endpoint.operation.owner !== undefined && named.includes(principal.id);
  return reading.seen.some(
    (seen) =>
      (seen.owners.includes(keyOf(principal)) || (isItsOwn && seen.at !== '' && seen.owners.length > 0)) &&
      seen.fields.some(({ field, texts }) => field !== '__typename' && texts.some((text) => !named.includes(text))),
  );
}

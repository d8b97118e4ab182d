import type { CompiledContract } from '@leakproof/core';
import { callerOf, type Identity } from '../identities/caller.ts';
import { keyOf } from '../rulings/known-relations.ts';
import { type Ask, makeRequest } from '../plan/make-request.ts';
import type { ReadDoor, Recipe } from '../plan/read-operations.ts';
import type { Reading } from '../reading/reading.ts';
import type { Asker } from '../run/asker.ts';
import { type Harvested, Values } from './values.ts';

/** How one identity reaches its own object through one door: proven by its own two reads. */
export interface Binding {
  readonly owner: Identity;
  readonly ask: Ask;
  /** What filled the slots, by name. */
  readonly symbols: readonly string[];
  /** Operations whose answers brought the values in the slots. */
  readonly needs: readonly string[];
  readonly first: Reading;
  readonly second: Reading;
}

/** An input of an earlier run, by symbols: tried even where the owner itself is told nothing there any more. */
export interface KnownInput {
  readonly owner: string;
  readonly server: string;
  readonly protocol: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
}

export interface HarvestRoom {
  readonly contract: CompiledContract;
  readonly asker: Asker;
  readonly doors: readonly ReadDoor[];
  readonly identities: readonly Identity[];
  readonly knownInputs?: readonly KnownInput[] | undefined;
}

const MAX_TRIES = 32;
const MAX_ROUNDS = 3;

/**
 * Finds for every door of its own id space an input by which the identity reads an object of its own. Values come from its
 * own reads, and from nowhere else: what is never found is not tested.
 */
export async function findBindings(identity: Identity, room: HarvestRoom): Promise<Binding[]> {
  if (!canOwn(room.contract, identity.principal.ids)) return [];
  const values = new Values(identity.name, identity.principal);
  const others = room.identities
    .filter((each) => each !== identity && each.principal.space === identity.principal.space)
    .map((each) => new Values(each.name, each.principal).own);
  const open = new Set(room.doors.filter((door) => door.server.space === identity.principal.space));
  const tried = new Set<string>();
  const found: Binding[] = [];
  for (let round = 0; round < MAX_ROUNDS && open.size > 0; round++) {
    let isNew = false;
    for (const door of open) {
      const binding = await bind(identity, door, { room, values, others: round === 0 ? [] : others, tried });
      if (!binding) continue;
      open.delete(door);
      found.push(binding);
      isNew = values.add(keyOf(identity.principal), door.operation.name, binding.first.seen) || isNew;
    }
    if (!isNew && round > 0) break;
  }
  const called: Called = (symbol) => values.called(symbol) ?? others.find((each) => each.symbol === symbol);
  return [...found, ...[...open].flatMap((door) => assume(identity, door, room, called))];
}

type Called = (symbol: string) => Harvested | undefined;

const UNREAD: Reading = { status: 0, seen: [], doubt: 'its owner is told nothing there' };

// oxlint-disable-next-line max-params
function assume(owner: Identity, door: ReadDoor, room: HarvestRoom, called: Called): Binding[] {
  return (room.knownInputs ?? []).flatMap(({ server, protocol, operation, input, ...known }) => {
    if (known.owner !== owner.name) return [];
    if (server !== door.server.name || protocol !== door.protocol || operation !== door.operation.name) return [];
    const recipe = door.recipes.find((each) => each.every(({ name }) => input[name] !== undefined));
    const found = recipe?.map(({ name }) => called(input[name] ?? ''));
    if (!recipe || !found?.every((value) => value !== undefined)) return [];
    const ask = makeRequest(
      room.contract,
      door,
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
  readonly room: HarvestRoom;
  readonly values: Values;
  readonly others: readonly Harvested[];
  readonly tried: Set<string>;
}

async function bind(identity: Identity, door: ReadDoor, trying: Trying): Promise<Binding | undefined> {
  const { contract, asker } = trying.room;
  const caller = callerOf(identity);
  for (const recipe of door.recipes) {
    for (const filling of fillings(recipe, trying)) {
      const ask = makeRequest(
        contract,
        door,
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
function brings(reading: Reading, { principal }: Identity, { named, door }: Ask): boolean {
  const isItsOwn = door.operation.owner !== undefined && named.includes(principal.id);
  return reading.seen.some(
    (seen) =>
      (seen.owners.includes(keyOf(principal)) || (isItsOwn && seen.at !== '' && seen.owners.length > 0)) &&
      seen.fields.some(({ field, texts }) => field !== '__typename' && texts.some((text) => !named.includes(text))),
  );
}

import type { CompiledContract } from '@leakproof/core';
import { callerOf, type Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import { makeRequest, type PlannedRequest } from '../plan/make-request.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import type { Recipe, Slot } from '../plan/slot.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import type { SeenObject } from '../reading/seen-object.ts';
import type { RequestRunner } from '../run/request-runner.ts';
import type { OwnInput, SymbolicInput } from './own-input.ts';
import { OwnObjects } from './own-objects.ts';
import { namesOfOwners } from './names-of-owners.ts';
import { type OwnValue, OwnValues } from './own-values.ts';
import { returnsOwnObject } from './returns-own-object.ts';

export interface HarvestContext {
  readonly contract: CompiledContract;
  readonly runner: RequestRunner;
  readonly operations: readonly ReadOperation[];
  readonly identities: readonly Identity[];
  /** Inputs of an earlier scan: tried even if their owner does not get its own object by them any more. */
  readonly knownInputs?: readonly SymbolicInput[] | undefined;
  /** Called for each parameter that is tried besides an input. */
  readonly onFilterTried?: ((operation: ReadOperation, slot: Slot) => void) | undefined;
}

const MAX_TRIES = 32;
/** Tries for one parameter besides an input. */
const MAX_FILTER_TRIES = 3;
/** Objects with other answers that are tried for one operation in one round. */
const MAX_UNLIKE_TRIES = 4;

/** The values in the slots of a recipe. */
interface Filled {
  readonly operation: ReadOperation;
  readonly recipe: Recipe;
  readonly values: readonly OwnValue[];
}

/** Finds requests by which one identity reads objects of its own. No request is sent twice but those that succeed. */
export class InputFinder {
  readonly identity: Identity;
  readonly contract: CompiledContract;
  readonly #runner: RequestRunner;
  readonly #onFilterTried: HarvestContext['onFilterTried'];
  readonly #values: OwnValues;
  readonly #objects: OwnObjects;
  /** The ids of the other identities in the same id space. */
  readonly #others: readonly OwnValue[];
  readonly #tried = new Set<string>();

  constructor(identity: Identity, { contract, runner, identities, onFilterTried }: HarvestContext) {
    const { principal } = identity;
    const others = identities.filter((each) => each !== identity && each.principal.space === principal.space);
    this.identity = identity;
    this.contract = contract;
    this.#runner = runner;
    this.#onFilterTried = onFilterTried;
    this.#values = new OwnValues(identity.name, principal, namesOfOwners(contract));
    this.#objects = new OwnObjects(
      contract,
      ownerKeyOf(principal),
      others.map((each) => each.principal),
    );
    this.#others = others.map((each) => new OwnValues(each.name, each.principal).id);
  }

  /** Adds the values of a response. True if any is new. */
  learn({ declared }: ReadOperation, objects: readonly SeenObject[]): boolean {
    const from = declared.name;
    const hasValues = this.#values.add(ownerKeyOf(this.identity.principal), from, objects);
    const idOf = (object: SeenObject, id: string): OwnValue => this.#values.idOf(object, id, from);
    return this.#objects.add(objects, idOf) || hasValues;
  }

  /** The value with a symbol of an earlier scan. */
  bySymbol(symbol: string): OwnValue | undefined {
    return this.#values.bySymbol(symbol) ?? this.#others.find((each) => each.symbol === symbol);
  }

  /** The first input that returns an own object. `withOthers`: also the ids of the other identities are tried. */
  async first(operation: ReadOperation, withOthers: boolean): Promise<OwnInput | undefined> {
    for (const recipe of operation.recipes) {
      for (const values of this.#combinations(recipe, withOthers)) {
        const input = await this.tryValues({ operation, recipe, values });
        if (input) return input;
      }
    }
    return undefined;
  }

  /** Inputs of the same operation for objects to which the contract's conditions have other answers. */
  async unlike(inputs: readonly OwnInput[]): Promise<OwnInput[]> {
    const found: OwnInput[] = [];
    const [base] = inputs;
    const slot = base?.request.inputValues.findIndex((value) => this.#objects.inResponse(base.first.objects, value));
    if (!base || slot === undefined || slot < 0) return [];
    for (let tries = 0; tries < MAX_UNLIKE_TRIES; tries++) {
      const covered = [...inputs, ...found].flatMap(
        ({ request, first }) => this.#objects.inResponse(first.objects, request.inputValues[slot] ?? '') ?? [],
      );
      const { operation, recipe } = base.request;
      const next = this.#objects
        .unlike(covered)
        .map(({ id }) => ({ operation, recipe, values: base.values.with(slot, id) }))
        .find((each) => !this.#isTried(each));
      if (!next) break;
      const input = await this.tryValues(next);
      if (!input) continue;
      this.learn(operation, input.first.objects);
      found.push(input);
    }
    return found;
  }

  /** The request without any input, where one with an input was found first: it returns the objects of its caller, or of everybody. */
  async bare([base]: readonly OwnInput[]): Promise<OwnInput[]> {
    const recipe = base?.request.operation.recipes.find(({ length }) => length === 0);
    if (!base || !recipe || base.request.recipe === recipe) return [];
    const input = await this.tryValues({ operation: base.request.operation, recipe, values: [] });
    return input ? [input] : [];
  }

  /** For each parameter besides those of the first input that can carry an owner's value, the first input with it that returns an own object. */
  async filtered([base]: readonly OwnInput[]): Promise<OwnInput[]> {
    if (!base) return [];
    const { operation, recipe } = base.request;
    const found: OwnInput[] = [];
    const isSent = (slot: Slot): boolean => recipe.some((each) => each.in === slot.in && each.name === slot.name);
    for (const slot of operation.filters.filter((each) => !isSent(each))) {
      for (const value of this.#values.filtersFor(slot).slice(0, MAX_FILTER_TRIES)) {
        this.#onFilterTried?.(operation, slot);
        const input = await this.tryValues({ operation, recipe: [...recipe, slot], values: [...base.values, value] });
        if (!input) continue;
        found.push({ ...input, request: { ...input.request, isFiltered: true } });
        break;
      }
    }
    return found;
  }

  /** Sends a request that was not sent before; undefined if it returns no own object. */
  async tryValues({ operation, recipe, values }: Filled): Promise<OwnInput | undefined> {
    const request = this.requestOf({ operation, recipe, values });
    if (!request || this.#tried.has(request.key)) return undefined;
    this.#tried.add(request.key);
    const caller = callerOf(this.identity);
    const first: ReadResponse = await this.#runner.sendOnce(caller, request);
    if (!returnsOwnObject(first, this.identity, request)) return undefined;
    const second = await this.#runner.send(caller, request);
    return {
      owner: this.identity,
      request,
      values,
      symbols: values.map(({ symbol }) => symbol),
      needs: values.flatMap(({ from }) => from ?? []),
      first,
      second,
    };
  }

  requestOf({ operation, recipe, values }: Filled): PlannedRequest | undefined {
    return makeRequest(this.contract, { operation, recipe, values: values.map(({ value }) => value) });
  }

  #isTried(filled: Filled): boolean {
    const request = this.requestOf(filled);
    return request === undefined || this.#tried.has(request.key);
  }

  /** The likeliest values for one slot; the combinations of the likeliest few for several. At most about `MAX_TRIES`. */
  #combinations(recipe: Recipe, withOthers: boolean): OwnValue[][] {
    const [only, ...rest] = recipe;
    if (!only) return [[]];
    if (rest.length === 0) {
      const own = this.#values.candidatesFor(only).slice(0, MAX_TRIES);
      return [...own, ...(withOthers && !only.isPrincipal ? this.#others : [])].map((value) => [value]);
    }
    const perSlot = Math.max(2, Math.floor(MAX_TRIES ** (1 / recipe.length)));
    return recipe.reduce<OwnValue[][]>(
      (before, slot) =>
        before.flatMap((combination) =>
          this.#values
            .candidatesFor(slot)
            .slice(0, perSlot)
            .map((value) => [...combination, value]),
        ),
      [[]],
    );
  }
}

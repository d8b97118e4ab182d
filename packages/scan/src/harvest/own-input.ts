import type { Identity } from '../identities/caller.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadResponse } from '../reading/read-response.ts';
import type { OwnValue } from './own-values.ts';

/** A request by which an identity reads an object of its own, with the two responses that prove it. */
export interface OwnInput {
  readonly owner: Identity;
  readonly request: PlannedRequest;
  /** The values in the slots. Personal data. */
  readonly values: readonly OwnValue[];
  /** Names of the values in the slots, such as `pia.Workout.id`. */
  readonly symbols: readonly string[];
  /** Operations whose responses contained these values. */
  readonly needs: readonly string[];
  readonly first: ReadResponse;
  readonly second: ReadResponse;
}

/** The input of an owner's own request with symbols in place of values, so that it can be written down and used again. */
export interface SymbolicInput {
  readonly server: string;
  readonly protocol: string;
  readonly operation: string;
  readonly owner: string;
  /** Slot → symbol of the value in it. */
  readonly input: Readonly<Record<string, string>>;
}

/** Slot → symbol of the value in it. */
export function symbolsBySlot({ recipe }: PlannedRequest, symbols: readonly string[]): Record<string, string> {
  return Object.fromEntries(recipe.map((slot, index) => [slot.name, symbols[index] ?? '']));
}

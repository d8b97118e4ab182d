import type { CompiledContract } from '@leakproof/core';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { SeenField, SeenObject } from '../reading/seen-object.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { Baseline } from './baseline.ts';
import { type Envelopes, joinedValues } from './envelopes.ts';
import { objectsOfOwner } from './objects-of-owner.ts';

/** The response of one caller to one request, and its envelopes for all requests of the operation. */
export interface CallerResponse {
  readonly request: PlannedRequest;
  readonly objects: readonly SeenObject[];
  readonly envelopes?: Envelopes | undefined;
}

/**
 * Whose value a field of a response is.
 * `value`: the owner's, in an object that can only be the owner's. `weak`: the owner's, but others could have the same value.
 * `differs`: another value than the owner reads. `unmatched`: the owner reads no value to compare it with. `none`: no value.
 */
export type Receipt = 'value' | 'weak' | 'differs' | 'unmatched' | 'none';

export interface ReceiptContext {
  readonly contract: CompiledContract;
  readonly baseline: Baseline;
  readonly owners: OperationOwners;
}

export interface ReceivedField {
  readonly object: SeenObject;
  readonly field: SeenField;
  readonly receipt: Receipt;
}

/** The fields of one owner's objects in a response, each with how certainly its value is the owner's. */
export function receiptsOf(context: ReceiptContext, owner: string, response: CallerResponse): ReceivedField[] {
  const { request, objects, envelopes } = response;
  const owned = objectsOfOwner({ owners: context.owners, owner, request }, objects);
  const match = new OwnerMatch(context, owner, new Set(request.inputValues));
  const all = new Set(owned);
  const genuine = new Set(
    owned.filter((each) => match.isGenuine(each, envelopes)).map((each) => outermostOwned(all, each)),
  );
  return owned.flatMap((object) => {
    const isGenuine = genuine.has(outermostOwned(all, object));
    return object.fields
      .filter(({ field, values }) => field !== '__typename' && values.length > 0)
      .map((field) => ({ object, field, receipt: match.receiptOf(object, field, isGenuine) }));
  });
}

class OwnerMatch {
  readonly #context: ReceiptContext;
  readonly #owner: string;
  readonly #inputValues: ReadonlySet<string>;

  constructor(context: ReceiptContext, owner: string, inputValues: ReadonlySet<string>) {
    this.#context = context;
    this.#owner = owner;
    this.#inputValues = inputValues;
  }

  receiptOf(object: SeenObject, field: SeenField, isGenuine: boolean): Receipt {
    const { contract, baseline } = this.#context;
    const instead = contract.resources[object.sighting.resource]?.fields[field.field]?.instead;
    if (instead !== undefined && field.values.every((value) => value === literalValue(instead))) return 'none';
    if (object.owners.length === 0 && !baseline.differsBetweenOwners(object, field)) return 'none';
    const own = baseline.valuesOf(this.#owner, object, field);
    if (!own) return 'unmatched';
    if (!field.values.some((value) => own.has(value))) return 'differs';
    return isGenuine ? 'value' : 'weak';
  }

  /** Whether the object can only be the owner's. */
  isGenuine(object: SeenObject, envelopes: Envelopes | undefined): boolean {
    return this.#hasUniqueValue(object) || (envelopes !== undefined && this.#isWholeEnvelope(object, envelopes));
  }

  /**
   * The object contains a distinctive value that only this owner has and that was not in the request. In an object without an
   * owner's name, one person of a list is no such value: that person may be in a list that everybody gets.
   */
  #hasUniqueValue(object: SeenObject): boolean {
    const { baseline } = this.#context;
    return object.fields.some((field) => {
      if (field.isContainer && object.owners.length === 0) return false;
      if (!field.isDistinctive || field.values.some((value) => this.#inputValues.has(value))) return false;
      const own = baseline.valuesOf(this.#owner, object, field);
      return (
        own !== undefined &&
        field.values.some((value) => own.has(value)) &&
        baseline.isUniqueTo(this.#owner, object, field)
      );
    });
  }

  /** A list without an owner's name: exactly what the owner reads there, from an operation whose list depends on the request. */
  #isWholeEnvelope(object: SeenObject, envelopes: Envelopes): boolean {
    if (object.owners.length > 0) return false;
    return object.fields.some((field) => {
      const own = this.#context.baseline.valuesOf(this.#owner, object, field);
      const isWhole = own !== undefined && field.values.length > 0 && joinedValues(own) === joinedValues(field.values);
      return isWhole && field.isContainer && envelopes.dependsOnRequest(object, field);
    });
  }
}

/** The outermost object of the same owner that contains it: a nested part is as genuine as the whole. */
function outermostOwned(owned: ReadonlySet<SeenObject>, object: SeenObject): SeenObject {
  let outermost = object;
  while (outermost.within && owned.has(outermost.within.object)) outermost = outermost.within.object;
  return outermost;
}

function literalValue(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}

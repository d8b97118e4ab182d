import type { CompiledContract, Expectation } from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';
import { expectationOf } from './expected-response.ts';
import type { ReadOperation } from './read-operation.ts';
import { requestTemplate } from './request-template.ts';
import type { Recipe } from './slot.ts';

/** A request of the scan, and the shape its response is read by. */
export interface PlannedRequest {
  readonly operation: ReadOperation;
  readonly recipe: Recipe;
  readonly template: RequestTemplate;
  readonly expected: Expectation;
  /** The values sent in its slots. A response that only repeats them proves nothing. */
  readonly inputValues: readonly string[];
  /** It has a query parameter besides an input that returns an own object without it. */
  readonly isFiltered?: true | undefined;
  /** Equal for equal requests. */
  readonly key: string;
}

export interface RequestInput {
  readonly operation: ReadOperation;
  readonly recipe: Recipe;
  /** One for each slot of the recipe. */
  readonly values: readonly string[];
}

/** Plans a request; undefined if it does not match its operation in the contract. */
export function makeRequest(
  contract: CompiledContract,
  { operation, recipe, values }: RequestInput,
): PlannedRequest | undefined {
  const template = requestTemplate(operation, recipe, values);
  const expected = expectationOf(contract, operation, template);
  if (!expected) return undefined;
  const key = [operation.key, template.target, JSON.stringify(template.headers), template.body ?? ''].join('\n');
  return { operation, recipe, template, expected, inputValues: values, key };
}

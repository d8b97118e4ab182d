import {
  admit,
  ANONYMOUS,
  type CompiledContract,
  type Expectation,
  mapShapesBelow,
  NOTHING_KNOWN,
  type Shape,
} from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';
import type { ReadOperation } from './read-operation.ts';
import { requestView } from './request-template.ts';

const documents = new WeakMap<ReadOperation, { readonly expected: Expectation | undefined }>();

/**
 * The shape of the response to a request, whoever sends it; undefined if the contract matches it to another operation. A
 * GraphQL document is the same for all variables, so it is compiled once.
 */
export function expectationOf(
  contract: CompiledContract,
  operation: ReadOperation,
  template: RequestTemplate,
): Expectation | undefined {
  const compiled = documents.get(operation);
  if (compiled) return compiled.expected;
  const plan = admit(openToAnyone(contract), requestView(operation, template), ANONYMOUS, NOTHING_KNOWN, true);
  const matches = plan.type === 'plan' && plan.operation === operation.declared.name;
  const expected = matches ? { ...plan.expected, shape: withoutAddedFields(plan.expected.shape) } : undefined;
  if (operation.protocol === 'graphql') documents.set(operation, { expected });
  return expected;
}

const openContracts = new WeakMap<CompiledContract, CompiledContract>();

/** The same contract with every operation open to anyone: the shape of a response does not depend on the caller. */
function openToAnyone(contract: CompiledContract): CompiledContract {
  let open = openContracts.get(contract);
  if (!open) {
    const operations = contract.operations.map(({ owner: _owner, ...operation }) => ({
      ...operation,
      by: ['anyone'],
      parameters: operation.parameters.map((each) => ({ ...each, isPrincipal: false })),
    }));
    open = { ...contract, operations };
    openContracts.set(contract, open);
  }
  return open;
}

/** The shape of the query as the scan sends it: without the fields that the guard would add, and by `__typename`. */
function withoutAddedFields(shape: Shape): Shape {
  const below = mapShapesBelow(shape, withoutAddedFields);
  if (below.type === 'choice' && below.by.startsWith('leakproof_')) return { ...below, by: '__typename' };
  if (below.type !== 'object' || !below.keys) return below;
  return { ...below, keys: Object.fromEntries(Object.entries(below.keys).filter(([, { added }]) => !added)) };
}

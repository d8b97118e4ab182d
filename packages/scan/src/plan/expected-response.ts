import { type CompiledContract, type Expectation, expectResponse } from '@leakproof/core';
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
  const found = expectResponse(contract, requestView(operation, template));
  const matches = found.type === 'expected' && found.operation === operation.declared.name;
  const expected = matches ? found.expected : undefined;
  if (operation.protocol === 'graphql') documents.set(operation, { expected });
  return expected;
}

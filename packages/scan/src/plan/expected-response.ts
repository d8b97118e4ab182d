import { admit, ANONYMOUS, type CompiledContract, type Expectation, NOTHING_KNOWN, type Shape } from '@leakproof/core';
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
  switch (shape.type) {
    case 'list':
    case 'map':
      return { ...shape, of: withoutAddedFields(shape.of) };
    case 'choice': {
      const cases = Object.entries(shape.cases).map(([name, each]) => [name, withoutAddedFields(each)] as const);
      const otherwise = shape.otherwise === 'drop' ? 'drop' : withoutAddedFields(shape.otherwise);
      const by = shape.by.startsWith('leakproof_') ? '__typename' : shape.by;
      return { ...shape, by, cases: Object.fromEntries(cases), otherwise };
    }
    case 'object': {
      if (!shape.keys) return shape;
      const keys = Object.entries(shape.keys).flatMap(([name, key]) => {
        if (key.added) return [];
        return [[name, key.shape ? { ...key, shape: withoutAddedFields(key.shape) } : key] as const];
      });
      return { ...shape, keys: Object.fromEntries(keys) };
    }
    case 'plain':
    case 'any':
    case 'nothing':
    case 'ref':
      return shape;
  }
}

import { GRAPHQL_OPERATIONS } from './graphql-operations.ts';
import type { Operation, OperationWrite } from './operation.ts';
import { REST_OPERATIONS } from './rest-operations.ts';

export const OPERATIONS: readonly Operation[] = [...REST_OPERATIONS, ...GRAPHQL_OPERATIONS];

const BY_NAME = new Map(OPERATIONS.map((operation) => [operation.name, operation]));

/** The operation of that name. Only the lab's own code calls this, with names that exist. */
export function operationNamed(name: string): Operation {
  const operation = BY_NAME.get(name);
  if (operation === undefined) throw new Error(`the lab has no operation ${name}`);
  return operation;
}

/** What that operation writes. Only the lab's own code calls this, for operations that write. */
export function writeOf(name: string): OperationWrite {
  const { write } = operationNamed(name);
  if (write === undefined) throw new Error(`${name} writes nothing`);
  return write;
}

import type { CompiledContract, Field, Grant, Operation } from '@leakproof/core';

const ANYONE: Grant = { see: ['anyone'], narrow: {} };

/**
 * The contract as it would be if everything undecided were for anyone. What it forbids even so is forbidden whatever will be
 * decided; what only the contract itself forbids is not decided yet. The contract itself if nothing in it is undecided.
 */
export function widestContract(contract: CompiledContract): CompiledContract {
  const fields = Object.values(contract.resources).flatMap((resource) => Object.values(resource.fields));
  if (![...fields, ...contract.operations].some(({ undecided }) => undecided !== undefined)) return contract;
  return {
    ...contract,
    resources: mapValues(contract.resources, (resource) => ({
      ...resource,
      fields: mapValues(resource.fields, widestField),
    })),
    operations: contract.operations.map(widestOperation),
  };
}

const widestField = (field: Field): Field => (field.undecided === undefined ? field : { ...field, grant: ANYONE });

function widestOperation(operation: Operation): Operation {
  if (operation.undecided === undefined) return operation;
  const { narrow: _narrow, ...rest } = operation;
  return { ...rest, by: ['anyone'] };
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

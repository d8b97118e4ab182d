import type { CompiledContract, Field, Grant } from '@leakproof/core';

const derived = new WeakMap<CompiledContract, CompiledContract>();

/**
 * The contract in which only owners see more than anyone may see; an owner sees all of its own as before. Derived once for
 * each contract.
 */
export function publicOnly(contract: CompiledContract): CompiledContract {
  let result = derived.get(contract);
  if (!result) derived.set(contract, (result = derive(contract)));
  return result;
}

function derive(contract: CompiledContract): CompiledContract {
  const members = new Set(['member', 'self', ...contract.principals.map((kind) => kind.name)]);
  const relations = (names: readonly string[]): string[] => {
    if (names.includes('anyone')) return ['anyone'];
    return names.some((name) => members.has(name)) ? ['self'] : [];
  };
  const grant = (given: Grant): Grant => ({
    ...given,
    see: relations(given.see),
    narrow: Object.fromEntries(Object.entries(given.narrow).map(([state, names]) => [state, relations(names)])),
  });
  const field = (given: Field): Field => ({ ...given, grant: grant(given.grant) });
  const resources = Object.entries(contract.resources).map(([name, resource]) => [
    name,
    resource.owner === 'none'
      ? resource
      : {
          ...resource,
          ...(resource.see ? { see: grant(resource.see) } : {}),
          fields: Object.fromEntries(Object.entries(resource.fields).map(([key, each]) => [key, field(each)])),
        },
  ]);
  return { ...contract, resources: Object.fromEntries(resources) as CompiledContract['resources'] };
}

import { type CompiledContract, type Resource, type Shape, shapesBelow } from '@leakproof/core';

/** The resources with owners that a shape can contain, at any depth, sorted by name. */
export function ownedResources(contract: CompiledContract, shape: Shape): readonly Resource[] {
  const found = new Map<string, Resource>();
  const visited = new Set<string>();
  const visit = (at: Shape): void => {
    if (at.type === 'ref' || at.type === 'object') visitResource(at.resource);
    for (const below of shapesBelow(at)) visit(below);
  };
  const visitResource = (name: string): void => {
    if (visited.has(name) || !Object.hasOwn(contract.resources, name)) return;
    visited.add(name);
    const resource = contract.resources[name];
    if (!resource) return;
    if (resource.owner !== 'none') found.set(name, resource);
    for (const field of Object.values(resource.fields)) visit(field.shape);
  };
  visit(shape);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

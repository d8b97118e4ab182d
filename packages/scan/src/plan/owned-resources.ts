import type { CompiledContract, Resource, Shape } from '@leakproof/core';

/** The resources with owners that a shape can contain, at any depth, sorted by name. */
export function ownedResources(contract: CompiledContract, shape: Shape): readonly Resource[] {
  const found = new Map<string, Resource>();
  const visited = new Set<string>();
  const visit = (at: Shape): void => {
    switch (at.type) {
      case 'plain':
      case 'any':
      case 'nothing':
        return;
      case 'ref':
        visitResource(at.resource);
        return;
      case 'list':
      case 'map':
        visit(at.of);
        return;
      case 'choice':
        for (const each of Object.values(at.cases)) visit(each);
        if (at.otherwise !== 'drop') visit(at.otherwise);
        return;
      case 'object':
        visitResource(at.resource);
        for (const key of Object.values(at.keys ?? {})) if (key.shape) visit(key.shape);
    }
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

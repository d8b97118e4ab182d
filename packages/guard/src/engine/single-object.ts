import type { CompiledContract, Shape } from '@leakproof/core';

/**
 * True if a response of this shape is one object that has an owner, or an envelope of one: a read of which the answer for an absent
 * object must not differ from the one for a foreign object.
 */
export function isSingleObject(contract: CompiledContract, shape: Shape, depth = 0): boolean {
  if (depth > MAX_ENVELOPES) return false;
  if (shape.type === 'choice')
    return [...Object.values(shape.cases), ...(shape.otherwise === 'drop' ? [] : [shape.otherwise])].some((each) =>
      isSingleObject(contract, each, depth),
    );
  if (shape.type !== 'object') return false;
  const resource = contract.resources[shape.resource];
  if (!resource || resource.owner !== 'none') return resource !== undefined;
  const shapes = Object.values(resource.fields).map((field) => field.shape);
  return (
    shapes.every((each) => each.type !== 'list') && shapes.some((each) => isSingleObject(contract, each, depth + 1))
  );
}

const MAX_ENVELOPES = 4;

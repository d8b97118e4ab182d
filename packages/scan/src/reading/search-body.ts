import { type CompiledContract, type Expectation, type JsonNode, type JsonText, observe } from '@leakproof/core';
import { ownedResources } from '../plan/owned-resources.ts';
import { collectObjects } from './collect-objects.ts';
import type { SeenObject } from './seen-object.ts';

/**
 * Objects at places where the contract declares none: a profile in an error response, or in another envelope. Only objects
 * that name their own owner are found.
 */
export function searchBody(contract: CompiledContract, expected: Expectation, json: JsonText): SeenObject[] {
  const resources = ownedResources(contract, expected.shape).filter((resource) => {
    const { owner } = resource;
    return typeof owner !== 'string' && resource.name !== 'graphql:response';
  });
  const found: SeenObject[] = [];
  const open: { node: JsonNode; pointer: string }[] = [{ node: json.root, pointer: '' }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, pointer } = next;
    if (node.type === 'array') open.push(...node.items.map((item) => ({ node: item, pointer: `${pointer}/*` })));
    if (node.type !== 'object') continue;
    const best = resources
      .map((resource) => {
        const shape = { type: 'object', resource: resource.name } as const;
        const observed = observe(contract, { shape, space: expected.space }, { text: json.text, root: node });
        return collectObjects({ contract, json }, observed.root, pointer);
      })
      .filter(([root]) => root !== undefined && root.owners.length > 0)
      .sort((a, b) => declaredFields(b) - declaredFields(a))[0];
    if (best) found.push(...best);
    else open.push(...node.members.map((member) => ({ node: member.value, pointer: `${pointer}/*` })));
  }
  return found;
}

const declaredFields = ([root]: readonly SeenObject[]): number =>
  root ? root.sighting.fields.filter((field) => field.fault === undefined).length : 0;

import type { CompiledContract } from '@leakproof/core';
import type { Identity } from '../identities/caller.ts';
import type { ReadOperation } from '../plan/read-operation.ts';
import { inputsOfEarlierScan } from './earlier-inputs.ts';
import { type HarvestContext, InputFinder } from './input-finder.ts';
import type { OwnInput } from './own-input.ts';

const MAX_ROUNDS = 3;

/**
 * For every operation of the identity's id space, inputs by which it reads objects of its own: one; one more for each other answer of
 * the contract's conditions (a private object besides a public one); and one for each query parameter that can carry an owner's value.
 * Values come only from its credential and its own reads; an operation for which no value is found is not tested.
 */
export async function findOwnInputs(identity: Identity, context: HarvestContext): Promise<OwnInput[]> {
  const { space, ids } = identity.principal;
  if (!canOwn(context.contract, ids)) return [];
  const finder = new InputFinder(identity, context);
  const operations = context.operations.filter(({ server }) => server.space === space);
  const inputs = new Map<ReadOperation, OwnInput[]>(operations.map((operation) => [operation, []]));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let hasNewValues = false;
    for (const [operation, found] of inputs) {
      const first = found.length === 0 ? await finder.first(operation, round > 0) : undefined;
      if (first) found.push(first);
      const more = await finder.unlike(found);
      found.push(...more);
      for (const { first: response } of [...(first ? [first] : []), ...more])
        hasNewValues = finder.learn(operation, response.objects) || hasNewValues;
    }
    if (!hasNewValues && round > 0) break;
  }
  for (const found of inputs.values()) found.push(...(await finder.filtered(found)), ...(await finder.bare(found)));
  const all: OwnInput[] = [];
  for (const [operation, found] of inputs) {
    const earlier = await inputsOfEarlierScan(operation, { finder, found, known: context.knownInputs ?? [] });
    all.push(...found, ...earlier);
  }
  return all;
}

function canOwn({ resources }: CompiledContract, kind: string): boolean {
  return Object.values(resources).some(
    ({ owner }) => typeof owner !== 'string' && owner.some((each) => each.kind === kind),
  );
}

import type { CompiledContract, Resource } from '../contract/compiled.ts';
import { type Shape, shapesBelow } from '../contract/shape.ts';
import { own } from '../own.ts';
import type { OwnerRef } from '../rules/principal.ts';
import { matchServer, matchOperation, type RequestLine } from './route.ts';

/**
 * What a response may have disclosed, inferred from its request alone (access logs). `inferred`: the path names the
 * owner. `upper-bound`: the owner is unknown, and these are the most fields.
 */
export interface Inference {
  readonly operation: string;
  readonly resource: string;
  readonly owner: OwnerRef | undefined;
  readonly basis: 'inferred' | 'upper-bound';
  readonly fields: readonly string[];
}

/** Pure. Yields nothing for a request without operation; the caller counts those. */
export function* infer(contract: CompiledContract, request: RequestLine): Iterable<Inference> {
  const serverMatch = matchServer(contract, request);
  if ('type' in serverMatch || serverMatch.protocol === 'graphql') return;
  const match = matchOperation(contract, serverMatch, request.method);
  if (!match) return;
  const { operation, parameters } = match;
  const named = operation.owner?.from === 'path' ? operation.owner : undefined;
  const id = named && parameters.get(named.parameter);
  for (const [resource, only] of resourcesIn(contract, operation.returns)) {
    const fields = only ?? Object.keys(resource.fields).filter((field) => field !== '__typename');
    const owner =
      id && named && ownedBy(resource, named.kind)
        ? { kind: named.kind, space: serverMatch.server.space, id }
        : undefined;
    yield {
      operation: operation.name,
      resource: resource.name,
      owner,
      basis: owner ? 'inferred' : 'upper-bound',
      fields,
    };
  }
}

function ownedBy(resource: Resource, kind: string): boolean {
  return typeof resource.owner !== 'string' && resource.owner.some((each) => each.kind === kind);
}

/** Every resource with owners in a shape, at any depth, with its projection where every occurrence has one. */
function resourcesIn(contract: CompiledContract, root: Shape): [Resource, readonly string[] | undefined][] {
  const found = new Map<Resource, readonly string[] | undefined>();
  const open: Shape[] = [root];
  for (let shape = open.pop(); shape; shape = open.pop()) {
    open.push(...shapesBelow(shape));
    const resource = shape.type === 'object' ? own(contract.resources, shape.resource) : undefined;
    if (!resource || shape.type !== 'object') continue;
    if (!found.has(resource)) open.push(...Object.values(resource.fields).map((field) => field.shape));
    const before = found.has(resource) ? found.get(resource) : [];
    found.set(resource, before && shape.only && [...new Set([...before, ...shape.only])]);
  }
  return [...found].filter(([resource]) => resource.owner !== 'none');
}

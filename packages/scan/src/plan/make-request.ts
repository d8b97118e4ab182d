import {
  admit,
  ANONYMOUS,
  type CompiledContract,
  type Expectation,
  NOTHING_KNOWN,
  type RequestView,
  type Shape,
} from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';
import type { ReadEndpoint, Recipe } from './read-operations.ts';

/** A request that was made up, and how its answer will be read. */
export interface PlannedRequest {
  readonly endpoint: ReadEndpoint;
  readonly recipe: Recipe;
  readonly sketch: RequestTemplate;
  readonly expected: Expectation;
  /** The values it names: standing in an answer, they prove nothing by themselves. */
  readonly named: readonly string[];
  /** Two asks with one key are the same request. */
  readonly key: string;
}

/** A request of `endpoint` with `values` in the slots of `recipe`; undefined where the contract could not read it. */
export function makeRequest(
  contract: CompiledContract,
  endpoint: ReadEndpoint,
  recipe: Recipe,
  values: readonly string[],
): PlannedRequest | undefined {
  const sketch =
    endpoint.protocol === 'graphql' ? graphqlSketch(endpoint, recipe, values) : restSketch(endpoint, recipe, values);
  const expected = expectationOf(contract, endpoint, sketch);
  if (!expected) return undefined;
  const key = `${endpoint.key}\n${sketch.target}\n${sketch.body ?? ''}`;
  return { endpoint, recipe, sketch, expected, named: values, key };
}

const documents = new WeakMap<ReadEndpoint, { readonly expected: Expectation | undefined }>();

/** What the answer should look like. A GraphQL document does not change with its variables, so it is read once. */
function expectationOf(
  contract: CompiledContract,
  endpoint: ReadEndpoint,
  sketch: RequestTemplate,
): Expectation | undefined {
  const kept = documents.get(endpoint);
  if (kept) return kept.expected;
  const plan = admit(openedUp(contract), requestFacts(endpoint, sketch), ANONYMOUS, NOTHING_KNOWN, true);
  const fits = plan.type === 'plan' && plan.operation === endpoint.operation.name;
  const expected = fits ? { ...plan.expected, shape: withoutEvidence(plan.expected.shape) } : undefined;
  if (endpoint.protocol === 'graphql') documents.set(endpoint, { expected });
  return expected;
}

/** A sketch as the contract reads it. */
export function requestFacts({ endpoint }: ReadEndpoint, sketch: RequestTemplate): RequestView {
  return {
    method: sketch.method,
    authority: endpoint.authority,
    target: sketch.target,
    headers: sketch.headers,
    body: sketch.body === undefined ? undefined : new TextEncoder().encode(sketch.body),
  };
}

const JSON_BODY = [['content-type', 'application/json']] as const;

function restSketch(
  { endpoint, operation, constants }: ReadEndpoint,
  recipe: Recipe,
  values: readonly string[],
): RequestTemplate {
  const filled = [
    ...recipe.map((slot, index) => ({ ...slot, value: values[index] ?? '' })),
    ...Object.entries(constants).map(([key, value]) => ({ ...placeOf(key), value, isList: false })),
  ];
  const segments = (operation.template ?? []).map((part) => {
    if ('literal' in part) return part.literal;
    const slot = filled.find((each) => each.in === 'path' && each.name === part.parameter);
    return encodeURIComponent(slot?.value ?? '');
  });
  const query = filled
    .filter((slot) => slot.in === 'query')
    .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  const body = filled
    .filter((slot) => slot.in === 'body')
    .map(({ name, value, isList }) => [name, isList ? [value] : value]);
  const target = `${endpoint.path}/${segments.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const headers = filled.filter((slot) => slot.in === 'header').map(({ name, value }) => [name, value] as const);
  const method = operation.method ?? 'GET';
  if (body.length === 0) return { method, target, headers };
  return { method, target, headers: [...JSON_BODY, ...headers], body: JSON.stringify(Object.fromEntries(body)) };
}

function placeOf(key: string): { readonly in: string; readonly name: string } {
  const dot = key.indexOf('.');
  return { in: key.slice(0, dot), name: key.slice(dot + 1) };
}

function graphqlSketch(
  { endpoint, query = '' }: ReadEndpoint,
  recipe: Recipe,
  values: readonly string[],
): RequestTemplate {
  const variables = Object.fromEntries(
    recipe.map((slot, index) => [slot.name, slot.isList ? [values[index] ?? ''] : (values[index] ?? '')]),
  );
  return { method: 'POST', target: endpoint.path, headers: JSON_BODY, body: JSON.stringify({ query, variables }) };
}

const opened = new WeakMap<CompiledContract, CompiledContract>();

/** The same contract with every operation open to all: what an answer should look like does not depend on who asks. */
function openedUp(contract: CompiledContract): CompiledContract {
  let open = opened.get(contract);
  if (!open) {
    const operations = contract.operations.map((operation) => ({
      ...operation,
      by: ['anyone'],
      parameters: operation.parameters.map((each) => ({ ...each, isPrincipal: false })),
    }));
    open = { ...contract, operations };
    opened.set(contract, open);
  }
  return open;
}

/** The shape of the query as it is sent: the guard's added evidence is not in it, and cases are told by `__typename`. */
function withoutEvidence(shape: Shape): Shape {
  switch (shape.type) {
    case 'list':
    case 'map':
      return { ...shape, of: withoutEvidence(shape.of) };
    case 'choice': {
      const cases = Object.entries(shape.cases).map(([name, each]) => [name, withoutEvidence(each)] as const);
      const otherwise = shape.otherwise === 'drop' ? 'drop' : withoutEvidence(shape.otherwise);
      const by = shape.by.startsWith('leakproof_') ? '__typename' : shape.by;
      return { ...shape, by, cases: Object.fromEntries(cases), otherwise };
    }
    case 'object': {
      if (!shape.keys) return shape;
      const keys = Object.entries(shape.keys).flatMap(([name, key]) => {
        if (key.added) return [];
        return [[name, key.shape ? { ...key, shape: withoutEvidence(key.shape) } : key] as const];
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

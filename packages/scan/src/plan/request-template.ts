import { fillTemplate, type RequestView } from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';
import type { ReadOperation } from './read-operation.ts';
import type { Recipe } from './slot.ts';

/** The request of an operation with `values` in the slots of `recipe`, without credentials. */
export function requestTemplate(operation: ReadOperation, recipe: Recipe, values: readonly string[]): RequestTemplate {
  return operation.protocol === 'graphql'
    ? graphqlTemplate(operation, recipe, values)
    : restTemplate(operation, recipe, values);
}

/** The request as the contract reads it. */
export function requestView({ endpoint }: ReadOperation, template: RequestTemplate): RequestView {
  return {
    method: template.method,
    authority: endpoint.authority,
    target: template.target,
    headers: template.headers,
    body: template.body === undefined ? undefined : new TextEncoder().encode(template.body),
  };
}

const JSON_BODY = [['content-type', 'application/json']] as const;

function restTemplate(
  { endpoint, declared, constants }: ReadOperation,
  recipe: Recipe,
  values: readonly string[],
): RequestTemplate {
  const filled = [
    ...recipe.map((slot, index) => ({ ...slot, value: values[index] ?? '' })),
    ...Object.entries(constants).map(([key, value]) => ({ ...parseConstantKey(key), value, isList: false })),
  ];
  const path = fillTemplate(declared.template ?? [], (parameter) =>
    encoded(filled.find((each) => each.in === 'path' && each.name === parameter)?.value ?? ''),
  );
  const query = filled
    .filter((slot) => slot.in === 'query')
    .map(({ name, value }) => `${encoded(name)}=${encoded(value)}`);
  const body = filled.filter((slot) => slot.in === 'body');
  const target = `${endpoint.path}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const headers = filled.filter((slot) => slot.in === 'header').map(({ name, value }) => [name, value] as const);
  const method = declared.method ?? 'GET';
  if (body.length === 0) return { method, target, headers };
  return { method, target, headers: [...JSON_BODY, ...headers], body: JSON.stringify(bodyOf(body)) };
}

interface BodyMember {
  /** Its path, with dots. */
  readonly name: string;
  readonly value: string;
  readonly isList: boolean;
}

function bodyOf(members: readonly BodyMember[]): object {
  const names = new Map<string, BodyMember[]>();
  for (const { name, ...member } of members) {
    const [first = '', ...below] = name.split('.');
    names.set(first, [...(names.get(first) ?? []), { ...member, name: below.join('.') }]);
  }
  return Object.fromEntries(
    [...names].map(([name, below]) => {
      const leaf = below.find((each) => each.name === '');
      return [name, leaf ? (leaf.isList ? [leaf.value] : leaf.value) : bodyOf(below)];
    }),
  );
}

/** Percent-encoded. A lone surrogate has no UTF-8 and is replaced. */
const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));

/** `query.version` → `{ in: 'query', name: 'version' }`. */
function parseConstantKey(key: string): { readonly in: string; readonly name: string } {
  const dot = key.indexOf('.');
  return { in: key.slice(0, dot), name: key.slice(dot + 1) };
}

function graphqlTemplate(
  { endpoint, query = '' }: ReadOperation,
  recipe: Recipe,
  values: readonly string[],
): RequestTemplate {
  const variables = Object.fromEntries(
    recipe.map((slot, index) => [slot.name, slot.isList ? [values[index] ?? ''] : (values[index] ?? '')]),
  );
  return { method: 'POST', target: endpoint.path, headers: JSON_BODY, body: JSON.stringify({ query, variables }) };
}

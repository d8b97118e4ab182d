import {
  Kind,
  parse,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { ExchangeRead } from '../read-exchange.ts';
import { contentType } from '../read-body.ts';

/** A selected field, with aliases and fragments resolved. `below`: its selections by response key. */
export interface Selected {
  readonly field: string;
  readonly arguments: readonly SelectedArgument[];
  readonly below: ReadonlyMap<string, Selected>;
}

/** An argument with its value; `variable`: the name of the variable that it comes from. */
export interface SelectedArgument {
  readonly name: string;
  readonly value: unknown;
  readonly variable?: string | undefined;
}

/** One GraphQL operation of a request, with its response. */
export interface GraphqlCall {
  readonly operationType: 'query' | 'mutation' | 'subscription';
  /** Root fields by response key. Undefined for a persisted query, of which only the hash is known. */
  readonly roots: ReadonlyMap<string, Selected> | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  /** Response keys (first steps of `errors[].path`) that failed; `*` if an error names none. */
  readonly failed: ReadonlySet<string>;
  readonly batched: boolean;
}

const MAX_TOKENS = 20_000;
const MAX_DEPTH = 40;
const MAX_CACHED = 500;

/** The GraphQL operations of an exchange; undefined if it is not GraphQL. Never throws. */
export function graphqlCalls(read: ExchangeRead): readonly GraphqlCall[] | undefined {
  const envelopes = envelopesOf(read);
  if (!envelopes) return undefined;
  const answers = read.response.kind === 'json' ? read.response.value : undefined;
  const calls = envelopes.map((envelope, index) => {
    const answer = Array.isArray(answers) ? answers[index] : index === 0 ? answers : undefined;
    return callOf(envelope, asRecord(answer), envelopes.length > 1 || Array.isArray(read.request.value));
  });
  return calls.every((call) => call !== undefined) && calls.length > 0 ? calls : undefined;
}

interface Envelope {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

function envelopesOf(read: ExchangeRead): readonly Envelope[] | undefined {
  const { request } = read.exchange;
  if (contentType(request.headers) === 'application/graphql' && request.body) {
    return [{ query: Buffer.from(request.body).toString('utf8'), operationName: undefined, variables: {} }];
  }
  if (read.request.kind === 'json') {
    const items = Array.isArray(read.request.value) ? read.request.value : [read.request.value];
    const envelopes = items.slice(0, 1000).map(envelopeOf);
    return envelopes.every((envelope) => envelope !== undefined) && envelopes.length > 0 ? envelopes : undefined;
  }
  const query = Object.fromEntries(read.query);
  if (query['query'] === undefined && query['extensions'] === undefined) return undefined;
  const envelope = envelopeOf({
    ...query,
    variables: parsed(query['variables']),
    extensions: parsed(query['extensions']),
  });
  return envelope && [envelope];
}

function envelopeOf(value: unknown): Envelope | undefined {
  const { query, operationName, variables, extensions } = asRecord(value);
  const isDocument =
    typeof query === 'string' && /^[\s\uFEFF]*(?:[{#]|query\b|mutation\b|subscription\b|fragment\b)/.test(query);
  const isPersisted = query === undefined && 'persistedQuery' in asRecord(extensions);
  if (!isDocument && !isPersisted) return undefined;
  return {
    query: isDocument ? query : undefined,
    operationName: typeof operationName === 'string' ? operationName : undefined,
    variables: asRecord(variables),
  };
}

function callOf(envelope: Envelope, answer: Record<string, unknown>, batched: boolean): GraphqlCall | undefined {
  const shared = { variables: envelope.variables, data: asRecord(answer['data']), failed: failedKeys(answer), batched };
  if (envelope.query === undefined) return { ...shared, operationType: 'query', roots: undefined };
  const document = parseDocument(envelope.query);
  const operations = document?.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION) ?? [];
  const chosen = operations.find(({ name }) => name?.value === envelope.operationName) ?? operations[0];
  if (!document || !chosen) return undefined;
  return { ...shared, operationType: chosen.operation, roots: rootsOf(document, chosen, envelope.variables) };
}

const documents = new Map<string, DocumentNode | undefined>();

function parseDocument(text: string): DocumentNode | undefined {
  if (documents.has(text)) return documents.get(text);
  let document: DocumentNode | undefined;
  try {
    document = parse(text, { noLocation: true, maxTokens: MAX_TOKENS });
  } catch {
    document = undefined;
  }
  if (documents.size >= MAX_CACHED) documents.clear();
  documents.set(text, document);
  return document;
}

type Variables = Readonly<Record<string, unknown>>;

function rootsOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): ReadonlyMap<string, Selected> {
  const fragments = new Map<string, SelectionSetNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node.selectionSet);
  }
  let left = MAX_TOKENS;
  const collect = (set: SelectionSetNode, into: Map<string, Selected>, at: Nesting): void => {
    if (at.depth > MAX_DEPTH) return;
    for (const node of set.selections) {
      if (left-- <= 0) return;
      if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet, into, at);
      else if (node.kind === Kind.FRAGMENT_SPREAD) {
        const name = node.name.value;
        const fragment = fragments.get(name);
        if (fragment && !at.fragments.has(name)) {
          collect(fragment, into, { ...at, fragments: new Set([...at.fragments, name]) });
        }
      } else {
        const key = node.alias?.value ?? node.name.value;
        const below = new Map(into.get(key)?.below);
        if (node.selectionSet) collect(node.selectionSet, below, { ...at, depth: at.depth + 1 });
        const args = (node.arguments ?? []).map(({ name, value }) => argumentOf(name.value, value, variables));
        into.set(key, { field: node.name.value, arguments: args, below });
      }
    }
  };
  const roots = new Map<string, Selected>();
  collect(operation.selectionSet, roots, { depth: 0, fragments: new Set() });
  return roots;
}

interface Nesting {
  readonly depth: number;
  /** Names of the fragments around: a fragment is not entered inside itself. */
  readonly fragments: ReadonlySet<string>;
}

function argumentOf(name: string, node: ValueNode, variables: Variables): SelectedArgument {
  const variable = node.kind === Kind.VARIABLE ? node.name.value : undefined;
  return { name, value: literal(node, variables), variable };
}

function literal(node: ValueNode, variables: Variables, depth = 0): unknown {
  if (depth > MAX_DEPTH) return undefined;
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.INT:
      return /^-?\d{1,15}$/.test(node.value) ? Number(node.value) : BigInt(node.value);
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((value) => literal(value, variables, depth + 1));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, literal(value, variables, depth + 1)]),
      );
    default:
      return node.value;
  }
}

function failedKeys(answer: Record<string, unknown>): ReadonlySet<string> {
  const errors = Array.isArray(answer['errors']) ? answer['errors'] : [];
  return new Set(
    errors.map((error) => {
      const path = asRecord(error)['path'];
      return Array.isArray(path) && typeof path[0] === 'string' ? path[0] : '*';
    }),
  );
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

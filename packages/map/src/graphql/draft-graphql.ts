import { type GraphqlTypes, readGraphqlTypes } from '@leakproof/core/authoring';
import type { DraftedOperation } from '../contract/operations.ts';
import type { FieldDrafted } from '../contract/shapes.ts';
import type { Plain } from '../contract/write-yaml.ts';
import type { SourceParts } from '../contract/write-source.ts';
import type { Answers } from '../draft/answered.ts';
import type { LeftOut } from '../draft/draft-types.ts';
import type { FoundPrincipal } from '../draft/find-principals.ts';
import type { DraftResource } from '../draft/resource.ts';
import { groupBy } from '../group-by.ts';
import { compareText, isSuccess, type ObservedCall } from '../evidence/observed-call.ts';
import { draftType } from './draft-types.ts';
import { findTypes, type FoundType } from './find-types.ts';

interface Writing {
  readonly answers: Answers;
  readonly into: Map<string, Plain>;
  readonly onField: (field: FieldDrafted) => void;
}

export interface GraphqlDraft {
  readonly schema: GraphqlTypes | undefined;
  readonly types: readonly FoundType[];
  readonly operations: readonly DraftedOperation[];
  readonly source: SourceParts['graphql'];
  readonly leftOut: readonly LeftOut[];
  /** Why no GraphQL is drafted. */
  readonly why: string | undefined;
  readonly write: (writing: Writing) => void;
}

const none = (why: string): GraphqlDraft => ({
  schema: undefined,
  types: [],
  operations: [],
  source: undefined,
  leftOut: [],
  why,
  write: () => undefined,
});

/** The part of a draft that is about GraphQL queries; nothing without a schema. Mutations and subscriptions are left out. */
export function draftGraphql(
  calls: readonly ObservedCall[],
  {
    text,
    principals,
    resources,
  }: {
    readonly text: string | undefined;
    readonly principals: Map<string, FoundPrincipal>;
    readonly resources: readonly DraftResource[];
  },
): GraphqlDraft {
  if (text === undefined) return none('no GraphQL schema is known: add the SDL or an introspection result as a file');
  const schema = readGraphqlTypes(text);
  if (!schema) return none('the GraphQL schema cannot be read');
  if (schema.query === undefined) return none('the GraphQL schema has no query type');
  const servers = serversOf(calls);
  if (servers.size === 0) return none('no GraphQL request has an address that a contract can name');
  const found = findTypes(calls, { schema, principals, taken: new Set(resources.map(({ name }) => name)) });
  const { types, results, untyped } = found;
  const roots = schema.fields.get(schema.query);
  const byName = [...groupBy(results.filter(isSuccess), ({ operation }) => operation)].sort(([a], [b]) =>
    compareText(a, b),
  );
  const isScalar = (name: string): boolean => !roots?.get(name.slice('Query.'.length))?.isComposite;
  const undecided = 'that callers were answered does not show who may call it';
  return {
    schema,
    types,
    operations: byName
      .filter(([name]) => !isScalar(name))
      .map(([name, own]) => ({
        name,
        source: { undecided },
        undecided,
        by: undefined,
        because: 'undecided',
        calls: own,
      })),
    source: {
      servers,
      types: Object.fromEntries(types.flatMap(({ type, resource: { name } }) => (type === name ? [] : [[type, name]]))),
    },
    leftOut: [
      ...byName
        .filter(([name]) => isScalar(name))
        .map(([what]) => ({ what, why: 'it returns a scalar; nothing shows for whom it is meant' })),
      ...(untyped > 0
        ? [{ what: 'GraphQL', why: `${untyped} objects of an interface or union were returned without __typename` }]
        : []),
      { what: 'GraphQL', why: 'mutations, subscriptions and persisted queries are not drafted' },
    ],
    why: undefined,
    write: ({ answers, into, onField }) => {
      for (const each of types) into.set(each.resource.name, draftType(each, { schema, answers, onField }));
    },
  };
}

/** Server name → GraphQL address. */
function serversOf(calls: readonly ObservedCall[]): Map<string, string> {
  const urls = calls.flatMap(({ isGraphql, exchange: { request } }) =>
    isGraphql ? [`${request.scheme}://${request.authority}${request.target.split(/[?#]/, 1)[0] ?? ''}`] : [],
  );
  const good = [...new Set(urls)]
    .sort(compareText)
    .filter((url) => /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?\/[\w./-]*$/.test(url));
  return new Map(
    good.filter((url) => URL.canParse(url)).map((url, at) => [at === 0 ? 'graphql' : `graphql${at + 1}`, url]),
  );
}

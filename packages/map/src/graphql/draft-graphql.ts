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
import { draftType } from './draft-type.ts';
import { findTypes, freeName, type FoundType } from './find-types.ts';

interface Writing {
  readonly answers: Answers;
  /** Resources that are written already, by name. */
  readonly written: Map<string, Plain>;
  readonly onField: (field: FieldDrafted) => void;
}

/** The GraphQL of a draft. */
export interface GraphqlDraft {
  readonly sdl: string;
  readonly types: readonly FoundType[];
  readonly operations: readonly DraftedOperation[];
  readonly leftOut: readonly LeftOut[];
  /** Adds the resources of the types, and returns what the contract's `api` says of GraphQL. */
  readonly write: (writing: Writing) => NonNullable<SourceParts['graphql']>;
}

interface Known {
  /** SDL, or the answer of an introspection query. */
  readonly text: string | undefined;
  /** Gets the ids that GraphQL tells. */
  readonly principals: Map<string, FoundPrincipal>;
  readonly resources: readonly DraftResource[];
}

const UNDECIDED = 'that callers were answered does not show who may call it';

/** The part of a draft that is about GraphQL queries, or why there is none. Mutations and subscriptions are left out. */
export function draftGraphql(
  calls: readonly ObservedCall[],
  { text, principals, resources }: Known,
): GraphqlDraft | string {
  if (text === undefined)
    return 'no GraphQL schema is known: `leakproof map draft` takes the SDL or an introspection result among its files';
  const schema = readGraphqlTypes(text);
  if (!schema) return 'the GraphQL schema cannot be read';
  if (schema.query === undefined) return 'the GraphQL schema has no query type';
  const servers = serversOf(calls);
  if (servers.size === 0) return 'no GraphQL request has an address that a contract can name';
  const taken = new Set(resources.map(({ name }) => name));
  const { types, results, untyped } = findTypes(calls, { schema, principals, taken });
  const roots = schema.fields.get(schema.query);
  const isScalar = (name: string): boolean => !roots?.get(name.slice('Query.'.length))?.isComposite;
  const byName = [...groupBy(results.filter(isSuccess), ({ operation }) => operation)].sort(([a], [b]) =>
    compareText(a, b),
  );
  return {
    sdl: schema.sdl,
    types,
    operations: byName.flatMap(([name, own]) =>
      isScalar(name)
        ? []
        : [
            {
              name,
              source: { undecided: UNDECIDED },
              undecided: UNDECIDED,
              by: undefined,
              because: 'undecided' as const,
              calls: own,
            },
          ],
    ),
    leftOut: [
      ...byName.flatMap(([what]) =>
        isScalar(what) ? [{ what, why: 'it returns a scalar; nothing shows for whom it is meant' }] : [],
      ),
      ...(untyped > 0
        ? [{ what: 'GraphQL', why: `${untyped} objects of an interface or union were returned without __typename` }]
        : []),
      { what: 'GraphQL', why: 'mutations, subscriptions and persisted queries are not drafted' },
    ],
    write: ({ answers, written, onField }) => {
      for (const each of types) written.set(each.resource.name, draftType(each, { schema, answers, onField }));
      const named = types.flatMap(({ type, resource: { name } }) => (type === name ? [] : [[type, name] as const]));
      return { servers, types: Object.fromEntries([...named, ...withoutRules(schema, types, written)]) };
    },
  };
}

/**
 * Types that no query returned must not take the rules of a resource of REST that happens to have their name: they get a resource
 * that nobody sees. Returns it for each of them.
 */
function withoutRules(
  schema: GraphqlTypes,
  types: readonly FoundType[],
  written: Map<string, Plain>,
): (readonly [type: string, resource: string])[] {
  const reached = new Set(types.map(({ type }) => type));
  const others = [...schema.objects].filter((type) => !reached.has(type) && written.has(type));
  if (others.length === 0) return [];
  const name = freeName('Unreached', new Set([...written.keys(), ...schema.objects, 'Unreached']));
  written.set(name, { owner: 'none', see: 'nobody', fields: {} });
  return others.map((type) => [type, name]);
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

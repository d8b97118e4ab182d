import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  isObjectType,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { type HttpResponse, json } from '../server/http-response.ts';
import type { ReceivedRequest } from '../server/received-request.ts';
import { graphqlContext } from './graphql-context.ts';
import { RESOLVERS } from './resolvers.ts';
import { makeSchema } from './schema.ts';

interface Query {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** Introspection is off but suggestions ("Did you mean …") are on: the schema can be recovered from errors. */
const RULES = [...specifiedRules, NoSchemaIntrospectionCustomRule];
const MAX_DOCUMENTS = 500;
const MAX_TOKENS = 20_000;

/** Answers `POST /graphql`, with the same authorization as REST, separately for each path to a person. */
export function graphqlServer(): (request: ReceivedRequest) => Promise<HttpResponse> {
  const schema = schemaWithResolvers();
  const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
  const documentOf = (query: string): DocumentNode | readonly GraphQLError[] => {
    const known = documents.get(query) ?? prepare(schema, query);
    if (documents.size >= MAX_DOCUMENTS) documents.clear();
    documents.set(query, known);
    return known;
  };
  return async ({ context, method, url, body }) => {
    if (url.pathname === '/health') return json(200, { status: 'ok' });
    if (url.pathname !== '/graphql') return json(404, { errors: [{ message: 'Not found' }] });
    if (method !== 'POST') return json(405, { errors: [{ message: 'POST a query' }] }, { allow: 'POST' });
    const query = parseQuery(body);
    if (query === undefined) return json(400, { errors: [{ message: 'A JSON body with a query' }] });
    const document = documentOf(query.query);
    if (!('kind' in document)) return json(400, { errors: document });
    const result = await execute({
      schema,
      document,
      contextValue: graphqlContext(context),
      variableValues: query.variables,
      operationName: query.operationName,
    });
    return json(isUnauthenticated(result) ? 401 : 200, result);
  };
}

function prepare(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    const errors = validate(schema, document, RULES);
    return errors.length === 0 ? document : errors;
  } catch (error) {
    return [error instanceof GraphQLError ? error : new GraphQLError('The query cannot be read.')];
  }
}

function schemaWithResolvers(): GraphQLSchema {
  const schema = makeSchema();
  for (const [typeName, resolvers] of Object.entries(RESOLVERS)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`the schema has no type ${typeName}`);
    for (const [name, resolve] of Object.entries(resolvers)) {
      const field = type.getFields()[name];
      if (field === undefined) throw new Error(`the schema has no field ${typeName}.${name}`);
      field.resolve = resolve as unknown as NonNullable<typeof field.resolve>;
    }
  }
  return schema;
}

/** True if every field was rejected because the caller is not authenticated. */
function isUnauthenticated({
  data,
  errors,
}: {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[];
}): boolean {
  const nothing = data === null || data === undefined || Object.values(data).every((value) => value === null);
  return nothing && (errors?.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED') ?? false);
}

function parseQuery(body: string): Query | undefined {
  try {
    const value = JSON.parse(body) as Partial<Query> | null;
    return typeof value?.query === 'string' ? (value as Query) : undefined;
  } catch {
    return undefined;
  }
}

import {
  buildSchema,
  getNamedType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { CompiledContract, Field, Resource } from '../../contract/compiled.ts';
import { PLAIN } from '../../contract/shape.ts';
import type { Compiling } from './compiling.ts';
import type { SourcePath } from '../read/document.ts';

/** Reads the schema, gives every type its `__typename`, and makes the root types containers of their declared fields. */
export function compileGraphql(
  compiling: Compiling,
  resources: Record<string, Resource>,
  operations: CompiledContract['operations'],
): Pick<CompiledContract, 'schema' | 'types'> {
  const path = ['api', 'schema'];
  const declared = operations.filter((each) => each.protocol === 'graphql');
  if (compiling.source.api.schema === undefined) {
    if (declared.length > 0)
      compiling.error(['operations', declared[0]?.name ?? ''], 'A GraphQL operation needs `api.schema`.');
    return {};
  }
  const { text } = compiling.read(compiling.source.api.schema, compiling.main);
  const schema = readSchema(compiling, path, text);
  if (!schema) return {};
  const roots = { Query: schema.getQueryType(), Mutation: schema.getMutationType() };
  for (const [word, root] of Object.entries(roots)) {
    const fields = declared.flatMap((each) => {
      const [type, field = ''] = each.name.split('.');
      const known = Object.keys(root?.getFields() ?? {});
      return type === word &&
        compiling.knows(['operations', each.name], field, { what: `field of ${word}`, words: known })
        ? [field]
        : [];
    });
    if (root) resources[root.name] = container(root.name, Object.fromEntries(fields.map((each) => [each, anyone()])));
  }
  const types = compiling.source.api.types ?? {};
  for (const [type, resource] of Object.entries(types)) {
    compiling.knows(['api', 'types', type], type, {
      what: 'type of the schema',
      words: Object.keys(schema.getTypeMap()),
    });
    compiling.knows(['api', 'types', type], resource, {
      what: 'resource',
      words: Object.keys(compiling.source.resources ?? {}),
    });
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) withTypename(compiling, type, { resources, name: types[type.name] ?? type.name });
  }
  resources['graphql:response'] = container('graphql:response', { data: anyone(), errors: anyone() });
  resources['graphql:error'] = container('graphql:error', {
    message: {
      grant: { see: ['nobody'], narrow: {} },
      shape: PLAIN,
      instead: '"The request could not be answered in full."',
    },
    path: anyone(),
    locations: { grant: { see: ['anyone'], narrow: {} }, shape: { type: 'any' } },
  });
  return { schema: text, ...(compiling.source.api.types ? { types } : {}) };
}

function readSchema(compiling: Compiling, path: SourcePath, text: string): GraphQLSchema | undefined {
  try {
    return buildSchema(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [place] = error.locations ?? [];
    compiling.error(path, `The GraphQL schema: ${error.message}${place ? ` (line ${place.line})` : ''}`);
    return undefined;
  }
}

/** Gives the resource of an object type its `__typename`; warns where withholding a field withholds its object. */
function withTypename(
  compiling: Compiling,
  type: GraphQLObjectType,
  { resources, name }: { resources: Record<string, Resource>; name: string },
): void {
  const resource = resources[name];
  if (!resource) return;
  const fields = Object.entries(resource.fields);
  resources[name] = { ...resource, fields: { ...resource.fields, __typename: anyone() } };
  for (const [field, rule] of fields) {
    const definition = type.getFields()[field];
    if (!definition || !isNonNullType(definition.type) || rule.instead !== undefined) continue;
    const alwaysSeen = rule.grant.see.includes('anyone') && Object.keys(rule.grant.narrow).length === 0;
    if (alwaysSeen || isObjectType(getNamedType(definition.type))) continue;
    const sees = resource.see ?? rule.grant;
    if (JSON.stringify(sees.see) === JSON.stringify(rule.grant.see)) continue;
    compiling.warn(
      ['resources', name, 'fields', field],
      `The schema says ${type.name}.${field} is never null, so withholding it withholds the whole object.`,
      'Give it an `instead`, or make it nullable.',
    );
  }
}

function anyone(): Field {
  return { grant: { see: ['anyone'], narrow: {} }, shape: PLAIN };
}

function container(name: string, fields: Record<string, Field>): Resource {
  return { name, owner: 'none', about: [], see: { see: ['anyone'], narrow: {} }, fields };
}

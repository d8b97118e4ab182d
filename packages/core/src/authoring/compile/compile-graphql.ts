import {
  getNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { CompiledContract, Field, Resource } from '../../contract/compiled.ts';
import { PLAIN } from '../../contract/shape.ts';
import type { Compiling } from './compiling.ts';
import { type ReadSchema, readGraphqlSchema } from '../read/graphql-schema.ts';

/** Reads the schema, gives every type its `__typename`, and makes the root types containers of their declared fields. */
export function compileGraphql(
  compiling: Compiling,
  resources: Record<string, Resource>,
  operations: CompiledContract['operations'],
): Pick<CompiledContract, 'schema' | 'types'> {
  const declared = operations.filter((each) => each.protocol === 'graphql');
  if (compiling.source.api.schema === undefined) {
    if (declared.length > 0)
      compiling.error(['operations', declared[0]?.name ?? ''], 'A GraphQL operation needs `api.schema`.');
    return {};
  }
  const read = readSchema(compiling, compiling.source.api.schema);
  if (!read) return {};
  const { schema, sdl } = read;
  const roots = { Query: schema.getQueryType(), Mutation: schema.getMutationType() };
  for (const [word, root] of Object.entries(roots)) {
    const fields = declared.flatMap((each) => {
      const [type, field = ''] = each.name.split('.');
      const known = Object.keys(root?.getFields() ?? {});
      return type === word &&
        compiling.knows(['operations', each.name], field, { what: `field of ${word}`, words: known })
        ? [
            [
              field,
              rootField(
                compiling,
                each.name,
                (root as GraphQLObjectType).getFields()[field]?.type as GraphQLOutputType,
              ),
            ] as const,
          ]
        : [];
    });
    if (root) resources[root.name] = container(root.name, Object.fromEntries(fields));
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
    // Free text of the origin, and positions in lists of which elements were removed.
    path: { grant: { see: ['nobody'], narrow: {} }, shape: { type: 'any' } },
    locations: { grant: { see: ['nobody'], narrow: {} }, shape: { type: 'any' } },
  });
  return { schema: sdl, ...(compiling.source.api.types ? { types } : {}) };
}

function readSchema(compiling: Compiling, file: string): Extract<ReadSchema, { schema: unknown }> | undefined {
  const { file: name, text } = compiling.read(file, compiling.main);
  const read = readGraphqlSchema(text);
  if ('schema' in read) return read;
  for (const { message, line } of read.faults)
    compiling.errorAt({ file: name, line: line ?? 1, column: 1 }, `The GraphQL schema: ${message}`);
  return undefined;
}

/** A root field without owner: nothing of it is judged, so the contract must say that a scalar is meant for whoever may call it. */
function rootField(compiling: Compiling, name: string, type: GraphQLOutputType): Field {
  if (!isLeafType(getNamedType(type))) return anyone();
  const declared = compiling.source.operations?.[name]?.returns;
  if (declared !== 'plain' && declared !== 'any')
    compiling.error(
      ['operations', name],
      `${name} returns a scalar: nobody owns it, so it is released to everybody in \`by\` and recorded for nobody.`,
      'Write returns: plain if that is meant; else leave the operation out.',
    );
  return { ...anyone(), shape: declared === 'any' ? { type: 'any' } : PLAIN };
}

/** Owners and conditions are read from selected fields: what cannot be selected would be unknown in every response. */
function checkEvidence(compiling: Compiling, type: GraphQLObjectType, resource: Resource): void {
  const owners = typeof resource.owner === 'string' ? [] : resource.owner;
  for (const { path } of [...owners, ...resource.about]) {
    if (isSelectable(type, path)) continue;
    compiling.error(
      ['resources', resource.name, 'owner'],
      `A query cannot select "${path.join('.')}" of the type ${type.name}, so the owner would never be known.`,
      'Name fields of object types that need no arguments.',
    );
  }
}

function isSelectable(type: GraphQLObjectType, path: readonly string[]): boolean {
  const [step, ...rest] = path.filter((each) => each !== '*');
  const field = step === undefined ? undefined : type.getFields()[step];
  if (!field || field.args.some(isRequiredArgument)) return false;
  const named = getNamedType(field.type);
  return isLeafType(named) ? rest.length === 0 : isObjectType(named) && isSelectable(named, rest);
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
  checkEvidence(compiling, type, resource);
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

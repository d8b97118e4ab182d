import { getNamedType, isCompositeType, isObjectType, isInterfaceType, isRequiredArgument } from 'graphql';
import { readGraphqlSchema } from './graphql-schema.ts';

export interface GraphqlFieldType {
  /** Name of its type, without lists and `!`. */
  readonly type: string;
  /** False: an enum or a scalar. */
  readonly isComposite: boolean;
  /** A query that names no arguments may select it. */
  readonly isSelectable: boolean;
}

/** The types with fields of a schema. */
export interface GraphqlTypes {
  readonly sdl: string;
  /** Name of the query type. */
  readonly query: string | undefined;
  /** Object types: their values have fields of their own. */
  readonly objects: ReadonlySet<string>;
  /** Fields of object types and interfaces, by type. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, GraphqlFieldType>>;
}

/** Types of SDL or of the answer of an introspection query; undefined if it cannot be executed. Never throws. */
export function readGraphqlTypes(text: string): GraphqlTypes | undefined {
  const read = readGraphqlSchema(text);
  if (!('schema' in read)) return undefined;
  const types = Object.values(read.schema.getTypeMap()).filter((each) => !each.name.startsWith('__'));
  return {
    sdl: read.sdl,
    query: read.schema.getQueryType()?.name,
    objects: new Set(types.filter((each) => isObjectType(each)).map((each) => each.name)),
    fields: new Map(
      types.flatMap((each) =>
        isObjectType(each) || isInterfaceType(each)
          ? [
              [
                each.name,
                new Map(
                  Object.values(each.getFields()).map((field) => {
                    const named = getNamedType(field.type);
                    return [
                      field.name,
                      {
                        type: named.name,
                        isComposite: isCompositeType(named),
                        isSelectable: !field.args.some(isRequiredArgument),
                      },
                    ] as const;
                  }),
                ),
              ] as const,
            ]
          : [],
      ),
    ),
  };
}

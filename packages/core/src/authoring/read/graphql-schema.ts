import {
  buildASTSchema,
  buildClientSchema,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type IntrospectionQuery,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  printSchema,
  specifiedScalarTypes,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  validateSchema,
  visit,
} from 'graphql';

/** What is wrong with a schema, and the line (from 1) where that is known. */
export interface SchemaFault {
  readonly message: string;
  readonly line: number | undefined;
}

/** A schema that can be executed, and its SDL; or what is wrong with it. */
export type ReadSchema =
  | { readonly schema: GraphQLSchema; readonly sdl: string }
  | { readonly faults: readonly SchemaFault[] };

/**
 * Reads a GraphQL schema: SDL, a federation subgraph (extensions of types that another subgraph defines), or the JSON answer of an
 * introspection query. Directives are dropped: none of them changes a type. Never throws.
 */
export function readGraphqlSchema(text: string): ReadSchema {
  try {
    const schema = text.trimStart().startsWith('{') ? fromIntrospection(text) : fromSdl(text);
    if (Array.isArray(schema)) return { faults: schema };
    const errors = validateSchema(schema);
    return errors.length > 0 ? { faults: errors.map(faultOf) } : { schema, sdl: printSchema(schema) };
  } catch (error) {
    return { faults: [faultOf(error)] };
  }
}

function fromSdl(text: string): GraphQLSchema | SchemaFault[] {
  const document = withBases(withoutDirectives(parse(text)));
  const faults = [...twiceDefined(document), ...undefinedTypes(document)];
  return faults.length > 0 ? faults : buildASTSchema(document, { assumeValidSDL: true });
}

function fromIntrospection(text: string): GraphQLSchema {
  const answer = JSON.parse(text) as { readonly data?: unknown };
  return buildClientSchema((answer.data ?? answer) as IntrospectionQuery);
}

function faultOf(error: unknown): SchemaFault {
  const message = error instanceof Error ? error.message : String(error);
  const line = error instanceof GraphQLError ? error.locations?.[0]?.line : undefined;
  return { message: message.split('\n', 1)[0] ?? message, line };
}

function withoutDirectives(document: DocumentNode): DocumentNode {
  // oxlint-disable-next-line unicorn/no-null -- null deletes a node
  return visit(document, { Directive: () => null, DirectiveDefinition: () => null });
}

const DEFINITION_OF = {
  [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
  [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
} as const;

/** An extension of a type that the document does not define becomes its definition. */
function withBases(document: DocumentNode): DocumentNode {
  const defined = new Set(document.definitions.filter(isTypeDefinitionNode).map((each) => each.name.value));
  const definitions = document.definitions.flatMap((each): DefinitionNode[] => {
    if (each.kind === Kind.SCHEMA_EXTENSION && (each.operationTypes?.length ?? 0) === 0) return [];
    if (!isTypeExtensionNode(each) || defined.has(each.name.value)) return [each];
    defined.add(each.name.value);
    return [asDefinition(each)];
  });
  return { ...document, definitions };
}

function asDefinition(extension: TypeExtensionNode): TypeDefinitionNode {
  return { ...extension, kind: DEFINITION_OF[extension.kind] } as TypeDefinitionNode;
}

function twiceDefined({ definitions }: DocumentNode): SchemaFault[] {
  const seen = new Set<string>();
  return definitions.filter(isTypeDefinitionNode).flatMap((each) => {
    const name = each.name.value;
    const isTwice = seen.has(name);
    seen.add(name);
    return isTwice ? [{ message: `The type "${name}" is defined twice.`, line: each.loc?.startToken.line }] : [];
  });
}

function undefinedTypes(document: DocumentNode): SchemaFault[] {
  const known = new Set([
    ...specifiedScalarTypes.map((each) => each.name),
    ...document.definitions.filter(isTypeDefinitionNode).map((each) => each.name.value),
  ]);
  const faults: SchemaFault[] = [];
  visit(document, {
    NamedType({ name, loc }) {
      if (!known.has(name.value))
        faults.push({ message: `The type "${name.value}" is not defined.`, line: loc?.startToken.line });
    },
  });
  return faults;
}

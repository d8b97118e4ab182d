import {
  Kind,
  type DefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeNode,
} from 'graphql';
import { typeIn, type GraphqlModel, type GraphqlType, type TypeUse } from '../../reading/graphql/graphql-model.ts';

/** Adds one definition of a document to the model. Returns false for one that a schema document may not contain (a query). */
export function addDefinition(model: GraphqlModel, node: DefinitionNode, lineOffset: number): boolean {
  switch (node.kind) {
    case Kind.SCHEMA_DEFINITION:
    case Kind.SCHEMA_EXTENSION:
      for (const root of node.operationTypes ?? []) model.roots.set(root.operation, root.type.name.value);
      return true;
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_EXTENSION: {
      addFields(typeIn(model, node.name.value), node.fields ?? [], lineOffset);
      for (const face of node.interfaces ?? []) typeIn(model, face.name.value).possible.add(node.name.value);
      return true;
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_EXTENSION:
      addFields(typeIn(model, node.name.value), node.fields ?? [], lineOffset);
      return true;
    case Kind.UNION_TYPE_DEFINITION:
    case Kind.UNION_TYPE_EXTENSION: {
      const union = typeIn(model, node.name.value);
      for (const member of node.types ?? []) union.possible.add(member.name.value);
      return true;
    }
    case Kind.OPERATION_DEFINITION:
    case Kind.FRAGMENT_DEFINITION:
      return false;
    default:
      return true;
  }
}

function addFields(
  type: GraphqlType,
  nodes: readonly (FieldDefinitionNode | InputValueDefinitionNode)[],
  lineOffset: number,
): void {
  for (const node of nodes) {
    type.fields.set(node.name.value, {
      name: node.name.value,
      type: useOf(node.type),
      args: ('arguments' in node ? (node.arguments ?? []) : []).map((arg) => ({
        name: arg.name.value,
        type: useOf(arg.type),
        required: arg.type.kind === Kind.NON_NULL_TYPE && arg.defaultValue === undefined,
      })),
      deprecated: node.directives?.some((directive) => directive.name.value === 'deprecated') ?? false,
      at: `line ${(node.loc?.startToken.line ?? 1) + lineOffset}`,
    });
  }
}

function useOf(node: TypeNode): TypeUse {
  if (node.kind === Kind.NAMED_TYPE) return { name: node.name.value, lists: 0, text: node.name.value };
  const inner = useOf(node.type);
  if (node.kind === Kind.NON_NULL_TYPE) return { ...inner, text: `${inner.text}!` };
  return { name: inner.name, lists: inner.lists + 1, text: `[${inner.text}]` };
}

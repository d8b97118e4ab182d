import {
  type ASTNode,
  type FieldNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { CompiledContract } from '../contract/compiled.ts';
import { LeakproofError } from '../errors.ts';
import { own } from '../own.ts';
import { conditionPathsOf } from '../rules/condition-reads.ts';
import { resourceOf } from './schema.ts';
import { ADDED, type Chosen } from './response-shape.ts';

/**
 * Adds to every selection the fields that identify owners and states, under reserved keys, so that a client cannot
 * leave them out. Throws LP-QUERY-INVALID if a client uses our prefix.
 */
export function addEvidence(contract: CompiledContract, chosen: Chosen): Chosen {
  const types = new TypeInfo(chosen.schema);
  const document = visit(
    chosen.document,
    visitWithTypeInfo(types, {
      Field(node) {
        if ((node.alias ?? node.name).value.startsWith(ADDED)) {
          throw new LeakproofError('LP-QUERY-INVALID', `Response keys may not begin with ${ADDED}.`);
        }
      },
      SelectionSet: {
        leave(node, _key, parent) {
          const type = types.getParentType();
          if (!type || isRoot(parent)) return undefined;
          const added = evidenceFor(contract, chosen.schema, type);
          return added.length > 0 ? { ...node, selections: [...node.selections, ...added] } : undefined;
        },
      },
    }),
  );
  const index = chosen.document.definitions.indexOf(chosen.definition);
  return { ...chosen, document, definition: document.definitions[index] as OperationDefinitionNode };
}

function isRoot(parent: ASTNode | readonly ASTNode[] | undefined): boolean {
  return parent !== undefined && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION;
}

function evidenceFor(contract: CompiledContract, schema: GraphQLSchema, type: GraphQLCompositeType): SelectionNode[] {
  if (isObjectType(type)) return objectEvidence(contract, schema, type);
  if (!isAbstractType(type)) return [];
  const cases = schema.getPossibleTypes(type).flatMap((possible): SelectionNode[] => {
    const selections = objectEvidence(contract, schema, possible);
    if (selections.length === 0) return [];
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: nameOf(possible.name) },
        selectionSet: setOf(selections),
      },
    ];
  });
  return [fieldNode(`${ADDED}type`, '__typename'), ...cases];
}

function objectEvidence(contract: CompiledContract, schema: GraphQLSchema, type: GraphQLObjectType): SelectionNode[] {
  const resource = own(contract.resources, resourceOf(contract, type.name));
  if (!resource) return [];
  const owners = typeof resource.owner === 'string' ? [] : resource.owner;
  const paths = [...owners, ...resource.about].map((each) => each.path);
  const count = resource.aggregate ? [[resource.aggregate.count]] : [];
  return mergePaths(schema, type, [...paths, ...count, ...conditionPathsOf(contract, resource.name)]);
}

/** Paths as selections. Fields that the schema lacks, or that need arguments, cannot be added. */
function mergePaths(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  paths: readonly (readonly string[])[],
): FieldNode[] {
  const below = new Map<string, string[][]>();
  for (const path of paths) {
    const [step, ...rest] = path.filter((each) => each !== '*');
    if (step !== undefined) below.set(step, [...(below.get(step) ?? []), rest]);
  }
  return [...below].flatMap(([step, rests]) => {
    const field = type.getFields()[step];
    if (!field || field.args.some(isRequiredArgument)) return [];
    const named = getNamedType(field.type);
    const alias = aliasOf(schema, type, step);
    if (isLeafType(named)) return [fieldNode(alias, step)];
    if (!isCompositeType(named) || !isObjectType(named)) return [];
    const inner = mergePaths(schema, named, rests);
    return inner.length > 0 ? [{ ...fieldNode(alias, step), selectionSet: setOf(inner) }] : [];
  });
}

const ambiguousFields = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/**
 * The response key of an evidence field. Two types of a union may have a field of one name and different types, which must not
 * share a response key (GraphQL specification, §5.3.2): such a field has one for each type.
 */
function aliasOf(schema: GraphQLSchema, type: GraphQLObjectType, field: string): string {
  let ambiguous = ambiguousFields.get(schema);
  if (!ambiguous) ambiguousFields.set(schema, (ambiguous = ambiguousIn(schema)));
  return ambiguous.has(field) ? `${ADDED}${type.name}__${field}` : `${ADDED}${field}`;
}

function ambiguousIn(schema: GraphQLSchema): ReadonlySet<string> {
  const shapes = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const [name, field] of Object.entries(type.getFields())) {
      const named = getNamedType(field.type);
      const shape = isLeafType(named) ? String(field.type) : String(field.type).replace(named.name, '{}');
      if ((shapes.get(name) ?? shape) !== shape) ambiguous.add(name);
      shapes.set(name, shape);
    }
  }
  return ambiguous;
}

function fieldNode(alias: string, name: string): FieldNode {
  return { kind: Kind.FIELD, alias: nameOf(alias), name: nameOf(name) };
}

function nameOf(value: string) {
  return { kind: Kind.NAME as const, value };
}

function setOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

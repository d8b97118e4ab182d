import type { DeclaredField, DeclaredGraphqlOperation } from '../declared-operation.ts';
import type { GraphqlField, GraphqlModel, GraphqlType, TypeUse } from './graphql-model.ts';
import type { Reading } from '../reader.ts';
import type { Rejects } from '../rejects.ts';

export interface OperationsInput {
  readonly model: GraphqlModel;
  readonly maxFields: number;
  readonly rejects: Rejects;
  readonly reader: string;
  readonly file: string;
}

/** One operation for each field of each root type. */
export function* graphqlOperations(input: OperationsInput): Generator<Reading> {
  for (const [operationType, root] of input.model.roots) {
    for (const field of input.model.types.get(root)?.fields.values() ?? []) {
      yield { type: 'operation', operation: operationOf(field, { operationType, root }, input) };
    }
  }
}

interface Root {
  readonly operationType: DeclaredGraphqlOperation['operationType'];
  readonly root: string;
}

function operationOf(
  field: GraphqlField,
  { operationType, root }: Root,
  input: OperationsInput,
): DeclaredGraphqlOperation {
  const walk: FieldWalk = { ...input, onLimit: () => input.rejects.part('fields-limit', field.at) };
  const accepted = field.args.flatMap((arg) => [
    { pointer: `/${arg.name}`, type: arg.type.text },
    ...fieldsBelow(arg.type, `/${arg.name}`, walk),
  ]);
  return {
    protocol: 'graphql',
    name: `${root}.${field.name}`,
    operationType,
    field: field.name,
    tags: [],
    parameters: field.args.map(({ name, type, required }) => ({
      name,
      in: 'argument',
      required,
      schemaType: type.text,
    })),
    request: accepted.length === 0 ? [] : [{ mediaType: 'application/json', fields: accepted }],
    responses: [
      { status: '200', bodies: [{ mediaType: 'application/json', fields: fieldsBelow(field.type, '', walk) }] },
    ],
    security: undefined,
    deprecated: field.deprecated,
    provenance: { reader: input.reader, file: input.file, at: field.at },
  };
}

interface Node {
  readonly type: GraphqlType;
  readonly pointer: string;
  readonly above: Node | undefined;
}

interface FieldWalk {
  readonly model: GraphqlModel;
  readonly maxFields: number;
  readonly onLimit: () => void;
}

/** Every field reachable from a value, breadth first. A type inside itself is not entered. */
function fieldsBelow(use: TypeUse, pointer: string, { model, maxFields, onLimit }: FieldWalk): DeclaredField[] {
  const fields = new Map<string, DeclaredField>();
  const queue: Node[] = [];
  enter(use, pointer, undefined);
  if (queue.length === 0 && pointer === '')
    fields.set('', { pointer: `${pointer}${'/*'.repeat(use.lists)}`, type: use.text });
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at];
    if (node === undefined) break;
    for (const field of node.type.fields.values()) {
      if (fields.size >= maxFields) {
        onLimit();
        return [...fields.values()];
      }
      const below = `${node.pointer}/${field.name}`;
      if (fields.has(below)) continue;
      const recursive = isInside(node, field.type.name);
      fields.set(below, { pointer: below, type: field.type.text, ...(recursive ? { recursive } : {}) });
      if (!recursive) enter(field.type, below, node);
    }
  }
  return [...fields.values()];

  function enter({ name, lists }: TypeUse, from: string, above: Node | undefined): void {
    const type = model.types.get(name);
    if (type === undefined) return;
    const element = `${from}${'/*'.repeat(lists)}`;
    queue.push({ type, pointer: element, above });
    for (const possible of type.possible) {
      const other = model.types.get(possible);
      if (other !== undefined && !isInside(above, possible)) queue.push({ type: other, pointer: element, above });
    }
  }
}

function isInside(node: Node | undefined, name: string): boolean {
  for (let above = node; above !== undefined; above = above.above) if (above.type.name === name) return true;
  return false;
}

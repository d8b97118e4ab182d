import { isObject, listOf, type JsonObject } from '../wire/json-value.ts';
import type { DeclaredField } from './declared-operation.ts';
import { isUnfollowed, type LocatedValue } from './problem.ts';
import { partsOf, type SchemaContext } from './schema-kinds.ts';
import { classificationOf, typeOf } from './schema-type.ts';

/** A schema in the walk, with those that contain it. */
interface Node extends LocatedValue {
  readonly pointer: string;
  readonly above: Node | undefined;
}

/** Schemas visited for each allowed field: `allOf` and the like add schemas without fields. */
const SCHEMAS_PER_FIELD = 8;

export interface FieldWalk extends SchemaContext {
  readonly maxFields: number;
}

/**
 * The properties that a schema declares, breadth first, so that the limit cuts off the deepest. All alternatives (`oneOf`, `anyOf`)
 * and parts (`allOf`) are included: any of them may be sent. A schema inside itself is listed once and not entered.
 */
export function bodyFields(schema: LocatedValue, walk: FieldWalk): DeclaredField[] {
  const fields = new Map<string, DeclaredField>();
  const queue: Node[] = [{ ...schema, pointer: '', above: undefined }];
  for (let at = 0; at < queue.length; at += 1) {
    if (fields.size >= walk.maxFields || at >= walk.maxFields * SCHEMAS_PER_FIELD) {
      walk.report('fields-limit', queue[at]);
      break;
    }
    const node = queue[at];
    if (node === undefined) break;
    visit(node, walk, { fields, queue });
  }
  return [...fields.values()];
}

interface Found {
  readonly fields: Map<string, DeclaredField>;
  readonly queue: Node[];
}

function visit(node: Node, walk: FieldWalk, { fields, queue }: Found): void {
  // `true` and `{}` allow anything and declare nothing.
  if (typeof node.value === 'boolean') return addFieldType(fields, node.pointer, { type: 'unknown' });
  if (!isObject(node.value)) return walk.report('schema-invalid', node);
  const followed = walk.references.follow(node);
  if (isUnfollowed(followed)) {
    walk.report(followed, node);
    return addFieldType(fields, node.pointer, { type: 'unknown' });
  }
  const { value, base } = followed;
  if (!isObject(value)) return typeof value === 'boolean' ? undefined : walk.report('schema-invalid', followed);
  const recursive = isAbove(node, value);
  addFieldType(fields, node.pointer, {
    type: typeOf(value),
    ...(recursive ? { recursive } : {}),
    ...(value.writeOnly === true ? { writeOnly: true } : {}),
    classification: classificationOf(value) ?? classificationOf(node.value),
  });
  if (recursive) return;
  const here: Node = { value, base, pointer: node.pointer, above: node.above };
  for (const [pointer, below] of childrenOf(value, node.pointer))
    queue.push({ value: below, base, pointer, above: here });
  for (const part of partsOf(value)) queue.push({ value: part, base, pointer: node.pointer, above: here });
  const beside = walk.hasRefSiblings && value !== node.value ? besideRef(node.value) : undefined;
  if (beside) queue.push({ ...here, value: beside, base: node.base });
}

/** The keywords beside a `$ref` that declare properties. */
function besideRef(schema: JsonObject): JsonObject | undefined {
  const beside = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$ref'));
  const declares = [...childrenOf(beside, '')].length > 0 || partsOf(beside).length > 0;
  return declares ? beside : undefined;
}

function isAbove(node: Node, value: JsonObject): boolean {
  for (let above = node.above; above !== undefined; above = above.above) if (above.value === value) return true;
  return false;
}

function* childrenOf(schema: JsonObject, pointer: string): Generator<[string, unknown]> {
  const { properties, items, additionalProperties, patternProperties, prefixItems } = schema;
  if (isObject(properties)) {
    for (const name of Object.keys(properties)) yield [`${pointer}/${token(name)}`, properties[name]];
  }
  const any = `${pointer}/*`;
  if (Array.isArray(items)) for (const item of items as unknown[]) yield [any, item];
  else if (items !== undefined) yield [any, items];
  for (const item of listOf(prefixItems)) yield [any, item];
  if (isObject(additionalProperties) && Object.keys(additionalProperties).length > 0) yield [any, additionalProperties];
  if (isObject(patternProperties)) for (const value of Object.values(patternProperties)) yield [any, value];
}

/** A property name as a token of a pointer, in which `*` is any property: a property of that name is written `~2`. */
function token(name: string): string {
  if (name === '*') return '~2';
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
}

/** Adds a field, or its type to an existing one. The root is a field only if it is neither an object nor a list. */
function addFieldType(
  fields: Map<string, DeclaredField>,
  pointer: string,
  field: Omit<DeclaredField, 'pointer'>,
): void {
  if (pointer === '' && (field.type === 'object' || field.type === 'array' || field.type === 'unknown')) return;
  const known = fields.get(pointer);
  if (known === undefined) {
    fields.set(pointer, { pointer, ...field });
    return;
  }
  fields.set(pointer, {
    pointer,
    type: joined(known.type, field.type),
    ...(known.recursive === true || field.recursive === true ? { recursive: true } : {}),
    ...(known.writeOnly === true || field.writeOnly === true ? { writeOnly: true } : {}),
    classification: known.classification ?? field.classification,
  });
}

function joined(known: string, more: string): string {
  if (more === 'unknown' || known === more || known.split('|').includes(more)) return known;
  return known === 'unknown' ? more : `${known}|${more}`;
}

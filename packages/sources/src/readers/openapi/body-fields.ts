import type { DeclaredField } from '../../reading/declared-operation.ts';
import { isObject, listOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import type { Placed, References } from './references.ts';
import { classificationOf, typeOf } from './schema-type.ts';

/** One schema on the way down. */
interface Node extends Placed {
  readonly pointer: string;
  readonly above: Node | undefined;
}

/** Schemas looked at for each field allowed: `allOf` and its like add schemas without adding fields. */
const SCHEMAS_PER_FIELD = 8;

export interface FieldWalk {
  readonly references: References;
  readonly maxFields: number;
  /** Told once for each kind of fault met in this body. */
  readonly lost: (code: RejectCode) => void;
}

/**
 * The properties a schema declares, nearest to the root first, so that a limit cuts off the deepest. Alternatives (`oneOf`,
 * `anyOf`) and parts (`allOf`) all count: any of them may be sent. A schema inside itself is named once and not entered again.
 */
export function bodyFields(schema: Placed, walk: FieldWalk): DeclaredField[] {
  const fields = new Map<string, DeclaredField>();
  const queue: Node[] = [{ ...schema, pointer: '', above: undefined }];
  for (let at = 0; at < queue.length; at += 1) {
    if (fields.size >= walk.maxFields || at >= walk.maxFields * SCHEMAS_PER_FIELD) {
      walk.lost('fields-limit');
      break;
    }
    const node = queue[at];
    if (node === undefined) break;
    visit(node, fields, queue, walk);
  }
  return [...fields.values()];
}

function visit(node: Node, fields: Map<string, DeclaredField>, queue: Node[], walk: FieldWalk): void {
  // `true` and `{}` allow anything and name nothing.
  if (typeof node.value === 'boolean') return note(fields, node.pointer, { type: 'unknown' });
  if (!isObject(node.value)) return walk.lost('schema-invalid');
  const followed = walk.references.follow(node);
  if (typeof followed === 'string') {
    walk.lost(followed);
    return note(fields, node.pointer, { type: 'unknown' });
  }
  const { value, base } = followed;
  if (!isObject(value)) return typeof value === 'boolean' ? undefined : walk.lost('schema-invalid');
  const recursive = isAbove(node, value);
  note(fields, node.pointer, {
    type: typeOf(value),
    ...(recursive ? { recursive } : {}),
    classification: classificationOf(value) ?? classificationOf(node.value),
  });
  if (recursive) return;
  const here: Node = { value, base, pointer: node.pointer, above: node.above };
  for (const [pointer, below] of childrenOf(value, node.pointer))
    queue.push({ value: below, base, pointer, above: here });
  for (const key of ['allOf', 'oneOf', 'anyOf']) {
    for (const part of listOf(value[key])) queue.push({ value: part, base, pointer: node.pointer, above: here });
  }
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

/** A property name as a pointer token; `*` alone means any, so a property of that name is written `~2`. */
function token(name: string): string {
  if (name === '*') return '~2';
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
}

/** Adds a field or joins its type to the one already there. The root itself is listed only if it is no object or list. */
function note(fields: Map<string, DeclaredField>, pointer: string, field: Omit<DeclaredField, 'pointer'>): void {
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
    classification: known.classification ?? field.classification,
  });
}

function joined(known: string, more: string): string {
  if (more === 'unknown' || known === more || known.split('|').includes(more)) return known;
  return known === 'unknown' ? more : `${known}|${more}`;
}

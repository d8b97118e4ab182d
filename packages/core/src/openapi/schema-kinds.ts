import { isObject, listOf, type JsonObject } from '../wire/json-value.ts';
import { isUnfollowed, type LocatedValue, type Report } from './problem.ts';
import type { References } from './references.ts';
import { jsonType } from './schema-type.ts';

/** Most schemas visited for one value: alternatives may be nested. */
const MAX_SCHEMAS = 1_000;

/** What a value may be by its schema, with all alternatives (`oneOf`, `anyOf`) and parts (`allOf`). */
export interface SchemaKinds {
  readonly array: boolean;
  readonly object: boolean;
  /** A scalar, or anything: the schema does not say. */
  readonly other: boolean;
  /** The properties of an object; of each all schemas. */
  readonly members: ReadonlyMap<string, readonly LocatedValue[]>;
  /** An object may have properties that are not in `members`, and the schema says so or lists none. */
  readonly isOpen: boolean;
}

export interface SchemaContext {
  readonly references: References;
  readonly report: Report;
  /** Since 3.1 the keywords beside a `$ref` count. */
  readonly hasRefSiblings: boolean;
}

/** Never recurses: a property's own schema is not entered. */
export function schemaKinds(schemas: readonly LocatedValue[], context: SchemaContext): SchemaKinds {
  const found = { array: false, object: false, other: false, isOpen: false, isClosed: false };
  const members = new Map<string, LocatedValue[]>();
  const seen = new Set<unknown>();
  const queue = [...schemas];
  for (let at = 0; at < queue.length; at += 1) {
    const schema = queue[at];
    if (schema === undefined || (typeof schema.value === 'object' && seen.has(schema.value))) continue;
    if (at >= MAX_SCHEMAS) {
      context.report('fields-limit', schema);
      break;
    }
    seen.add(schema.value);
    const target = context.references.step(schema);
    if (target !== undefined && isUnfollowed(target)) {
      context.report(target, schema);
      found.other = true;
      continue;
    }
    if (target !== undefined) queue.push(target);
    if (target !== undefined && !context.hasRefSiblings) continue;
    if (typeof schema.value === 'boolean') found.other ||= schema.value;
    else if (!isObject(schema.value)) context.report('schema-invalid', schema);
    else {
      addOwn(schema.value, target !== undefined, found);
      const { base } = schema;
      for (const [name, value] of propertiesOf(schema.value)) {
        members.set(name, [...(members.get(name) ?? []), { value, base }]);
      }
      for (const part of partsOf(schema.value)) queue.push({ value: part, base });
    }
  }
  const { array, object, other, isOpen, isClosed } = found;
  return { array, object, other, members, isOpen: isOpen || (object && members.size === 0 && !isClosed) };
}

interface Found {
  array: boolean;
  object: boolean;
  other: boolean;
  isOpen: boolean;
  isClosed: boolean;
}

function addOwn(schema: JsonObject, hasRef: boolean, found: Found): void {
  const types = typesOf(schema);
  if (types.length === 0 && !hasRef && partsOf(schema).length === 0) found.other = true;
  if (types.includes('array')) found.array = true;
  if (types.includes('object')) found.object = true;
  if (types.some((type) => type !== 'array' && type !== 'object' && type !== 'null')) found.other = true;
  const { additionalProperties: more, patternProperties } = schema;
  if (more === true || isObject(more) || isObject(patternProperties)) found.isOpen = true;
  if (more === false) found.isClosed = true;
}

/** The types of a schema, or those that its keywords imply. */
function typesOf(schema: JsonObject): readonly string[] {
  const { type, enum: values, const: only } = schema;
  const named = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string' && one !== '');
  if (named.length > 0) return named as string[];
  if (isObject(schema.properties) || isObject(schema.additionalProperties) || isObject(schema.patternProperties))
    return ['object'];
  if (schema.items !== undefined || schema.prefixItems !== undefined) return ['array'];
  if (Array.isArray(values)) return values.map(jsonType);
  return only === undefined ? [] : [jsonType(only)];
}

function propertiesOf({ properties }: JsonObject): readonly (readonly [string, unknown])[] {
  return isObject(properties) ? Object.entries(properties) : [];
}

/** Schemas for the same value: all that may hold for it. */
export function partsOf(schema: JsonObject): readonly unknown[] {
  const { dependentSchemas } = schema;
  return [
    ...['allOf', 'oneOf', 'anyOf'].flatMap((key) => listOf(schema[key])),
    ...['then', 'else'].flatMap((key) => (isObject(schema[key]) ? [schema[key]] : [])),
    ...(isObject(dependentSchemas) ? Object.values(dependentSchemas) : []),
  ];
}

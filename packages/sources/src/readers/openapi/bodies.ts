import type { DeclaredBody, DeclaredField, DeclaredResponse } from '../../reading/declared-operation.ts';
import { isObject, listOf } from '../../reading/json/json-shape.ts';
import { bodyFields, type FieldWalk } from './body-fields.ts';
import type { LocatedValue } from './references.ts';

/** Fields by schema, since operations share schemas. */
export type FieldCache = WeakMap<object, readonly DeclaredField[]>;

export interface BodyContext {
  readonly walk: FieldWalk;
  readonly cache: FieldCache;
}

function fieldsOf(schema: LocatedValue, { walk, cache }: BodyContext): readonly DeclaredField[] {
  const followed = walk.references.follow(schema);
  if (typeof followed === 'string') {
    walk.reject(followed);
    return [];
  }
  if (!isObject(followed.value)) return bodyFields(followed, walk);
  const known = cache.get(followed.value);
  if (known !== undefined) return known;
  const fields = bodyFields(followed, walk);
  cache.set(followed.value, fields);
  return fields;
}

/** Bodies of an OpenAPI 3 `content` map. */
export function readContent(content: LocatedValue, context: BodyContext): DeclaredBody[] {
  if (content.value === undefined) return [];
  if (!isObject(content.value)) {
    context.walk.reject('schema-invalid');
    return [];
  }
  const bodies: DeclaredBody[] = [];
  for (const [mediaType, value] of Object.entries(content.value)) {
    const media = context.walk.references.follow({ value, base: content.base });
    if (typeof media === 'string' || !isObject(media.value)) {
      context.walk.reject(typeof media === 'string' ? media : 'schema-invalid');
      continue;
    }
    const { schema, itemSchema } = media.value;
    // 3.2: itemSchema is the schema of each item of a stream.
    const declared = schema ?? (itemSchema === undefined ? undefined : { type: 'array', items: itemSchema });
    const fields = declared === undefined ? [] : fieldsOf({ value: declared, base: media.base }, context);
    bodies.push({ mediaType: mediaType.toLowerCase(), fields });
  }
  return bodies;
}

/** Bodies of one OpenAPI 2 schema in each of the media types. */
export function readSwaggerBody(
  schema: LocatedValue | undefined,
  mediaTypes: unknown,
  context: BodyContext,
): DeclaredBody[] {
  if (schema?.value === undefined) return [];
  const fields = fieldsOf(schema, context);
  const types = listOf(mediaTypes).filter((type) => typeof type === 'string');
  return (types.length === 0 ? ['*'] : types).map((type) => ({ mediaType: type.toLowerCase(), fields }));
}

/** OpenAPI 2 lists the media types of all responses in `produces`. */
export type ResponseFormat = { readonly version: 2; readonly produces: unknown } | { readonly version: 3 };

/** The responses of an operation. */
export function readResponses(
  responses: LocatedValue,
  format: ResponseFormat,
  context: BodyContext,
): DeclaredResponse[] {
  if (!isObject(responses.value)) {
    if (responses.value !== undefined) context.walk.reject('schema-invalid');
    return [];
  }
  const read: DeclaredResponse[] = [];
  for (const [status, value] of Object.entries(responses.value)) {
    if (status.startsWith('x-')) continue;
    const response = context.walk.references.follow({ value, base: responses.base });
    if (typeof response === 'string' || !isObject(response.value)) {
      context.walk.reject(typeof response === 'string' ? response : 'schema-invalid');
      read.push({ status, bodies: [] });
      continue;
    }
    const { base } = response;
    const bodies =
      format.version === 2
        ? readSwaggerBody({ value: response.value.schema, base }, format.produces, context)
        : readContent({ value: response.value.content, base }, context);
    read.push({ status, bodies });
  }
  return read;
}

import { isObject, listOf } from '../wire/json-value.ts';
import { bodyFields, type FieldWalk } from './body-fields.ts';
import type { DeclaredBody, DeclaredField, DeclaredResponse } from './declared-operation.ts';
import { isUnfollowed, type LocatedValue } from './problem.ts';

/** Fields by schema, since operations share schemas. */
export type FieldCache = WeakMap<object, readonly DeclaredField[]>;

export interface BodyContext {
  readonly walk: FieldWalk;
  readonly cache: FieldCache;
}

function fieldsOf(schema: LocatedValue, { walk, cache }: BodyContext): readonly DeclaredField[] {
  if (walk.maxFields <= 0) return [];
  const { value } = schema;
  if (!isObject(value)) return bodyFields(schema, walk);
  const followed = walk.references.follow(schema);
  if (isUnfollowed(followed)) {
    walk.report(followed, schema);
    return [];
  }
  // With keywords beside its $ref a schema is one of its own.
  const key = walk.hasRefSiblings && Object.keys(value).length > 1 ? value : followed.value;
  if (!isObject(key)) return bodyFields(followed, walk);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const fields = bodyFields(key === value ? schema : followed, walk);
  cache.set(key, fields);
  return fields;
}

/** One media type of an OpenAPI 3 `content` map. */
export interface MediaType {
  /** As declared, in lower case. */
  readonly mediaType: string;
  readonly schema: LocatedValue | undefined;
}

/** The media types of a `content` map. */
export function readMediaTypes(content: LocatedValue, { references, report }: FieldWalk): MediaType[] {
  if (content.value === undefined) return [];
  if (!isObject(content.value)) {
    report('schema-invalid', content);
    return [];
  }
  const found: MediaType[] = [];
  for (const [name, value] of Object.entries(content.value)) {
    const media = references.follow({ value, base: content.base });
    if (isUnfollowed(media) || !isObject(media.value)) {
      report(isUnfollowed(media) ? media : 'schema-invalid', { value, base: content.base });
      continue;
    }
    const { schema, itemSchema } = media.value;
    // 3.2: itemSchema is the schema of each item of a stream.
    const declared = schema ?? (itemSchema === undefined ? undefined : { type: 'array', items: itemSchema });
    const located = declared === undefined ? undefined : { value: declared, base: media.base };
    found.push({ mediaType: name.toLowerCase(), schema: located });
  }
  return found;
}

/** The media types of one OpenAPI 2 schema. */
export function swaggerMediaTypes(schema: LocatedValue | undefined, mediaTypes: unknown): MediaType[] {
  if (schema?.value === undefined) return [];
  const types = listOf(mediaTypes).filter((type) => typeof type === 'string');
  return (types.length === 0 ? ['*'] : types).map((type) => ({ mediaType: type.toLowerCase(), schema }));
}

/** Bodies with their fields. */
export function readBodies(mediaTypes: readonly MediaType[], context: BodyContext): DeclaredBody[] {
  return mediaTypes.map(({ mediaType, schema }) => ({ mediaType, fields: schema ? fieldsOf(schema, context) : [] }));
}

/** OpenAPI 2 lists the media types of all responses in `produces`. */
export type ResponseFormat = { readonly version: 2; readonly produces: unknown } | { readonly version: 3 };

/** The responses of an operation. */
export function readResponses(
  responses: LocatedValue,
  format: ResponseFormat,
  context: BodyContext,
): DeclaredResponse[] {
  const { references, report } = context.walk;
  if (!isObject(responses.value)) {
    if (responses.value !== undefined) report('schema-invalid', responses);
    return [];
  }
  const read: DeclaredResponse[] = [];
  for (const [status, value] of Object.entries(responses.value)) {
    if (status.startsWith('x-')) continue;
    const response = references.follow({ value, base: responses.base });
    if (isUnfollowed(response) || !isObject(response.value)) {
      report(isUnfollowed(response) ? response : 'schema-invalid', { value, base: responses.base });
      read.push({ status, bodies: [] });
      continue;
    }
    const { base } = response;
    const mediaTypes =
      format.version === 2
        ? swaggerMediaTypes({ value: response.value.schema, base }, format.produces)
        : readMediaTypes({ value: response.value.content, base }, context.walk);
    read.push({ status, bodies: readBodies(mediaTypes, context) });
  }
  return read;
}

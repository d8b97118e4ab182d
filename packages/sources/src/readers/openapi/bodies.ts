import type { DeclaredBody, DeclaredField, DeclaredResponse } from '../../reading/declared-operation.ts';
import { isObject, listOf } from '../../reading/json/json-shape.ts';
import { bodyFields, type FieldWalk } from './body-fields.ts';
import type { Placed } from './references.ts';

/** Fields of schemas already walked, by schema: operations share them, and so their lists. */
export type FieldCache = WeakMap<object, readonly DeclaredField[]>;

export interface BodyReading {
  readonly walk: FieldWalk;
  readonly cache: FieldCache;
}

function fieldsOf(schema: Placed, { walk, cache }: BodyReading): readonly DeclaredField[] {
  const followed = walk.references.follow(schema);
  if (typeof followed === 'string') {
    walk.lost(followed);
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
export function readContent(content: Placed, reading: BodyReading): DeclaredBody[] {
  if (content.value === undefined) return [];
  if (!isObject(content.value)) {
    reading.walk.lost('schema-invalid');
    return [];
  }
  const bodies: DeclaredBody[] = [];
  for (const [mediaType, value] of Object.entries(content.value)) {
    const media = reading.walk.references.follow({ value, base: content.base });
    if (typeof media === 'string' || !isObject(media.value)) {
      reading.walk.lost(typeof media === 'string' ? media : 'schema-invalid');
      continue;
    }
    const { schema, itemSchema } = media.value;
    // 3.2 streams: itemSchema describes each item.
    const declared = schema ?? (itemSchema === undefined ? undefined : { type: 'array', items: itemSchema });
    const fields = declared === undefined ? [] : fieldsOf({ value: declared, base: media.base }, reading);
    bodies.push({ mediaType: mediaType.toLowerCase(), fields });
  }
  return bodies;
}

/** Bodies of one OpenAPI 2 schema in each of the media types. */
export function readSwaggerBody(schema: Placed | undefined, mediaTypes: unknown, reading: BodyReading): DeclaredBody[] {
  if (schema?.value === undefined) return [];
  const fields = fieldsOf(schema, reading);
  const types = listOf(mediaTypes).filter((type) => typeof type === 'string');
  return (types.length === 0 ? ['*'] : types).map((type) => ({ mediaType: type.toLowerCase(), fields }));
}

/** All responses of an operation; `produces` only for OpenAPI 2. */
export function readResponses(
  responses: Placed,
  produces: unknown,
  version: 2 | 3,
  reading: BodyReading,
): DeclaredResponse[] {
  if (!isObject(responses.value)) {
    if (responses.value !== undefined) reading.walk.lost('schema-invalid');
    return [];
  }
  const read: DeclaredResponse[] = [];
  for (const [status, value] of Object.entries(responses.value)) {
    if (status.startsWith('x-')) continue;
    const response = reading.walk.references.follow({ value, base: responses.base });
    if (typeof response === 'string' || !isObject(response.value)) {
      reading.walk.lost(typeof response === 'string' ? response : 'schema-invalid');
      read.push({ status, bodies: [] });
      continue;
    }
    const { base } = response;
    const bodies =
      version === 2
        ? readSwaggerBody({ value: response.value.schema, base }, produces, reading)
        : readContent({ value: response.value.content, base }, reading);
    read.push({ status, bodies });
  }
  return read;
}

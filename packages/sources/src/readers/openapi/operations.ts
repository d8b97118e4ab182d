import type { DeclaredHttpOperation } from '../../reading/declared-operation.ts';
import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { Reading } from '../../reading/reader.ts';
import type { Rejects } from '../../reading/rejects.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { readContent, readResponses, readSwaggerBody, type FieldCache } from './bodies.ts';
import { readParameters } from './parameters.ts';
import type { Placed, References } from './references.ts';
import { readSecurity } from './security.ts';
import { readServers, readSwaggerServers } from './servers.ts';

/** The fixed fields of a path item that are operations; `query` since 3.2. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** One OpenAPI document on its way to operations. */
export interface Description {
  readonly document: JsonObject;
  readonly base: string;
  readonly version: 2 | 3;
  readonly references: References;
  readonly schemes: ReadonlyMap<string, string>;
  readonly cache: FieldCache;
  readonly maxFields: number;
  readonly rejects: Rejects;
  readonly file: string;
}

/** The operations of one path item. */
export function* readPathItem(path: string, value: unknown, description: Description): Generator<Reading> {
  const at = `/paths/${pointerToken(path)}`;
  const { rejects, references } = description;
  const item =
    path.startsWith('/') || isObject(value) ? references.follow({ value, base: description.base }) : 'path-invalid';
  if (typeof item === 'string' || !isObject(item.value)) {
    yield rejects.one('path-invalid', at);
    return;
  }
  // 3.1 lets operations stand beside a path item's own $ref.
  const fields: JsonObject = isObject(value) && item.value !== value ? { ...item.value, ...value } : item.value;
  for (const method of METHODS) {
    if (Object.hasOwn(fields, method)) yield readOne(method, fields[method], `${at}/${method}`);
  }
  const { additionalOperations } = fields;
  if (!isObject(additionalOperations)) return;
  for (const [method, operation] of Object.entries(additionalOperations)) {
    yield readOne(method, operation, `${at}/additionalOperations/${pointerToken(method)}`);
  }

  function readOne(method: string, operation: unknown, place: string): Reading {
    const placed: Placed = { value: operation, base: (item as Placed).base };
    const followed = references.follow(placed);
    if (typeof followed === 'string' || !isObject(followed.value)) return rejects.one('operation-invalid', place);
    const read = readOperation(
      { method, path, item: { ...(item as Placed), value: fields }, at: place },
      followed,
      description,
    );
    return { kind: 'operation', operation: read };
  }
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly item: Placed & { readonly value: JsonObject };
  readonly at: string;
}

function readOperation(place: Place, placed: Placed, description: Description): DeclaredHttpOperation {
  const { document, version, references, rejects } = description;
  const operation = placed.value as JsonObject;
  const { base } = placed;
  const lost = (code: RejectCode): void => rejects.part(code, place.at);
  const reading = { walk: { references, maxFields: description.maxFields, lost }, cache: description.cache };
  const { parameters, bodySchema } = readParameters(
    [
      { value: place.item.value.parameters, base: place.item.base },
      { value: operation.parameters, base },
    ],
    references,
    lost,
  );
  const body = references.follow({ value: operation.requestBody, base });
  if (typeof body === 'string') lost(body);
  const content =
    typeof body !== 'string' && isObject(body.value) ? { value: body.value.content, base: body.base } : undefined;
  const method = place.method.toUpperCase();
  return {
    protocol: 'http',
    name: `${method} ${place.path}`,
    method,
    path: place.path,
    servers: serversOf(operation, place.item.value, description),
    operationId: textOf(operation.operationId),
    tags: listOf(operation.tags).filter((tag) => typeof tag === 'string'),
    parameters,
    request:
      version === 2
        ? readSwaggerBody(bodySchema, operation.consumes ?? document.consumes, reading)
        : content === undefined
          ? []
          : readContent(content, reading),
    responses: readResponses(
      { value: operation.responses, base },
      operation.produces ?? document.produces,
      version,
      reading,
    ),
    security: readSecurity(operation.security ?? document.security, description.schemes),
    deprecated: operation.deprecated === true,
    provenance: { reader: 'openapi', file: description.file, at: place.at },
  };
}

function serversOf(operation: JsonObject, item: JsonObject, { document, version }: Description): readonly string[] {
  if (version === 2) return readSwaggerServers(document, operation.schemes ?? document.schemes);
  return readServers(operation.servers) ?? readServers(item.servers) ?? readServers(document.servers) ?? [];
}

function pointerToken(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}

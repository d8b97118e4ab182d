import type { DeclaredHttpOperation } from '../../reading/declared-operation.ts';
import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { Reading } from '../../reading/reader.ts';
import type { Rejects } from '../../reading/rejects.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import { readContent, readResponses, readSwaggerBody, type FieldCache } from './bodies.ts';
import { readParameters } from './parameters.ts';
import type { LocatedValue, References } from './references.ts';
import { readSecurity } from './security.ts';
import { readServers, readSwaggerServers } from './servers.ts';

/** Fields of a path item that are operations; `query` since 3.2. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** One OpenAPI document, with what its operations refer to. */
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
  // Since 3.1 a path item may have operations beside a $ref.
  const fields: JsonObject = isObject(value) && item.value !== value ? { ...item.value, ...value } : item.value;
  for (const method of METHODS) {
    if (Object.hasOwn(fields, method)) yield readOne(method, fields[method], `${at}/${method}`);
  }
  const { additionalOperations } = fields;
  if (!isObject(additionalOperations)) return;
  for (const [method, operation] of Object.entries(additionalOperations)) {
    yield readOne(method, operation, `${at}/additionalOperations/${pointerToken(method)}`);
  }

  function readOne(method: string, operation: unknown, operationAt: string): Reading {
    const followed = references.follow({ value: operation, base: (item as LocatedValue).base });
    if (typeof followed === 'string' || !isObject(followed.value)) return rejects.one('operation-invalid', operationAt);
    const read = readOperation(
      { method, path, item: { ...(item as LocatedValue), value: fields }, at: operationAt },
      followed,
      description,
    );
    return { type: 'operation', operation: read };
  }
}

interface OperationLocation {
  readonly method: string;
  readonly path: string;
  readonly item: LocatedValue & { readonly value: JsonObject };
  readonly at: string;
}

function readOperation(
  location: OperationLocation,
  declared: LocatedValue,
  description: Description,
): DeclaredHttpOperation {
  const { document, version, references, rejects } = description;
  const operation = declared.value as JsonObject;
  const { base } = declared;
  const reject = (code: RejectCode): void => rejects.part(code, location.at);
  const context = { walk: { references, maxFields: description.maxFields, reject }, cache: description.cache };
  const { parameters, bodySchema } = readParameters(
    [
      { value: location.item.value.parameters, base: location.item.base },
      { value: operation.parameters, base },
    ],
    references,
    reject,
  );
  const body = references.follow({ value: operation.requestBody, base });
  if (typeof body === 'string') reject(body);
  const content =
    typeof body !== 'string' && isObject(body.value) ? { value: body.value.content, base: body.base } : undefined;
  const method = location.method.toUpperCase();
  return {
    protocol: 'http',
    name: `${method} ${location.path}`,
    method,
    path: location.path,
    servers: serversOf(operation, location.item.value, description),
    operationId: textOf(operation.operationId),
    tags: listOf(operation.tags).filter((tag) => typeof tag === 'string'),
    parameters,
    request:
      version === 2
        ? readSwaggerBody(bodySchema, operation.consumes ?? document.consumes, context)
        : content === undefined
          ? []
          : readContent(content, context),
    responses: readResponses(
      { value: operation.responses, base },
      version === 2 ? { version, produces: operation.produces ?? document.produces } : { version },
      context,
    ),
    security: readSecurity(operation.security ?? document.security, description.schemes),
    deprecated: operation.deprecated === true,
    provenance: { reader: 'openapi', file: description.file, at: location.at },
  };
}

function serversOf(operation: JsonObject, item: JsonObject, { document, version }: Description): readonly string[] {
  if (version === 2) return readSwaggerServers(document, operation.schemes ?? document.schemes);
  return readServers(operation.servers) ?? readServers(item.servers) ?? readServers(document.servers) ?? [];
}

function pointerToken(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}

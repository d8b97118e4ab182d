import { isObject, listOf, textOf, type JsonObject } from '../wire/json-value.ts';
import {
  type FieldCache,
  type MediaType,
  readBodies,
  readMediaTypes,
  readResponses,
  swaggerMediaTypes,
} from './bodies.ts';
import type { FieldWalk } from './body-fields.ts';
import type { DeclaredHttpOperation } from './declared-operation.ts';
import { type Documents, pointerToken } from './documents.ts';
import { mayBeJson } from './media-type.ts';
import { readParameters } from './parameters.ts';
import { type DescriptionProblem, isUnfollowed, type LocatedValue, type Report, type Unfollowed } from './problem.ts';
import type { References } from './references.ts';
import { type RequestMembers, requestMembers } from './request-members.ts';
import { readSecurity } from './security.ts';
import { readServers, readSwaggerServers } from './servers.ts';

/** Fields of a path item that are operations; `query` since 3.2. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** One OpenAPI document, with what its operations refer to. */
export interface DescriptionContext {
  readonly document: JsonObject;
  readonly base: string;
  readonly version: 2 | 3;
  readonly hasRefSiblings: boolean;
  readonly documents: Documents;
  readonly references: References;
  readonly schemes: ReadonlyMap<string, string>;
  readonly cache: FieldCache;
  readonly maxFields: number;
  readonly file: string;
  /** Is told of parts that are lost. */
  readonly lost: (problem: DescriptionProblem) => void;
}

/** An operation, or a path item or operation that is lost. */
export type DescribedItem =
  | {
      readonly type: 'operation';
      readonly operation: DeclaredHttpOperation;
      /** The operation object. */
      readonly source: LocatedValue;
      /** Reads the request body again, for its members at the root. */
      readonly requestMembers: () => RequestMembers | undefined;
    }
  | { readonly type: 'problem'; readonly problem: DescriptionProblem };

/** The operations of one path item. */
export function* readPathItem(path: string, value: unknown, context: DescriptionContext): Generator<DescribedItem> {
  const at = `/paths/${pointerToken(path)}`;
  const start = { value, base: context.base };
  const { layers, ref } = layersOf(start, context.references);
  if (layers.length === 0 || ref) yield problem('path-invalid', at, { part: start, ref });
  const seen = new Set<string>();
  for (const layer of layers) {
    for (const [method, operation, pointer] of operationsOf(layer.value)) {
      if (seen.has(method)) continue;
      seen.add(method);
      yield readOne({ method, path, layers, at: `${at}/${pointer}` }, { value: operation, base: layer.base }, context);
    }
  }
}

type Layer = LocatedValue & { readonly value: JsonObject };

/**
 * A path item and those that its `$ref` names: since 3.1 it may have fields beside a `$ref`, which count for more. `ref`: one that
 * cannot be followed.
 */
function layersOf(
  start: LocatedValue,
  references: References,
): { readonly layers: readonly Layer[]; readonly ref?: Unfollowed } {
  const layers: Layer[] = [];
  const seen = new Set<unknown>();
  for (let current: LocatedValue | undefined = start; current !== undefined;) {
    const { value, base } = current;
    if (!isObject(value)) return { layers: [] };
    if (seen.has(value)) return { layers, ref: { fault: 'ref-cycle', ref: String(value.$ref), from: current } };
    seen.add(value);
    layers.push({ value, base });
    const target = references.step(current);
    if (target !== undefined && isUnfollowed(target)) return { layers, ref: target };
    current = target;
  }
  return { layers };
}

function* operationsOf(item: JsonObject): Generator<readonly [method: string, operation: unknown, pointer: string]> {
  for (const method of METHODS) if (Object.hasOwn(item, method)) yield [method, item[method], method];
  const { additionalOperations } = item;
  if (!isObject(additionalOperations)) return;
  for (const [method, operation] of Object.entries(additionalOperations))
    yield [method, operation, `additionalOperations/${pointerToken(method)}`];
}

interface OperationLocation {
  readonly method: string;
  readonly path: string;
  readonly layers: readonly Layer[];
  readonly at: string;
}

function readOne(location: OperationLocation, value: LocatedValue, context: DescriptionContext): DescribedItem {
  const followed = context.references.follow(value);
  if (isUnfollowed(followed)) return problem('operation-invalid', location.at, { part: value, ref: followed });
  if (!isObject(followed.value)) return problem('operation-invalid', location.at, { part: value });
  return readOperation(location, { ...followed, value: followed.value }, context);
}

function problem(
  code: DescriptionProblem['code'],
  at: string,
  { part, ref }: { readonly part: LocatedValue; readonly ref?: Unfollowed | undefined },
): DescribedItem {
  return { type: 'problem', problem: { code, at, part, ...(ref ? { ref } : {}) } };
}

function readOperation(location: OperationLocation, source: Layer, context: DescriptionContext): DescribedItem {
  const { document, version, references } = context;
  const { value: operation, base } = source;
  const walk = { ...context, report: reporterOf(location, source, context) };
  const { parameters, bodySchema } = readParameters(
    [
      ...location.layers.toReversed().map((layer) => ({ value: layer.value.parameters, base: layer.base })),
      { value: operation.parameters, base },
    ],
    walk,
  );
  const mediaTypes =
    version === 2
      ? swaggerMediaTypes(bodySchema, operation.consumes ?? document.consumes)
      : requestMediaTypes({ value: operation.requestBody, base }, walk);
  const bodies = { walk, cache: context.cache };
  const method = location.method.toUpperCase();
  const form = parameters.some((parameter) => parameter.in === 'form')
    ? swaggerMediaTypes({ value: false, base }, formTypes(operation.consumes))
    : [];
  return {
    type: 'operation',
    source,
    requestMembers: () => requestMembers([...mediaTypes, ...form], walk),
    operation: {
      protocol: 'http',
      name: `${method} ${location.path}`,
      method,
      path: location.path,
      servers: serversOf(operation, location.layers, context),
      operationId: textOf(operation.operationId),
      tags: listOf(operation.tags).filter((tag) => typeof tag === 'string'),
      parameters,
      request: readBodies(mediaTypes, bodies),
      responses: readResponses(
        { value: operation.responses, base },
        version === 2 ? { version, produces: operation.produces ?? document.produces } : { version },
        bodies,
      ),
      security: readSecurity(operation.security ?? document.security, context.schemes),
      deprecated: operation.deprecated === true,
      provenance: { reader: 'openapi', file: context.file, at: location.at },
    },
  };

  function requestMediaTypes(body: LocatedValue, fieldWalk: FieldWalk): readonly MediaType[] {
    const followed = references.follow(body);
    if (isUnfollowed(followed)) {
      fieldWalk.report(followed, body);
      return [];
    }
    if (!isObject(followed.value)) return [];
    return readMediaTypes({ value: followed.value.content, base: followed.base }, fieldWalk);
  }
}

function formTypes(consumes: unknown): readonly unknown[] {
  const forms = listOf(consumes).filter((type) => typeof type === 'string' && !mayBeJson(type));
  return forms.length > 0 ? forms : ['application/x-www-form-urlencoded'];
}

function reporterOf({ at }: OperationLocation, source: LocatedValue, { lost }: DescriptionContext): Report {
  return (why, part = source) => {
    if (typeof why === 'string') lost({ code: why, at, part });
    else lost({ code: why.fault, at, part, ref: why });
  };
}

function serversOf(
  operation: JsonObject,
  layers: readonly Layer[],
  { document, version }: DescriptionContext,
): readonly string[] {
  if (version === 2) return readSwaggerServers(document, operation.schemes ?? document.schemes);
  const ofItem = layers.map(({ value }) => readServers(value.servers)).find((servers) => servers !== undefined);
  return readServers(operation.servers) ?? ofItem ?? readServers(document.servers) ?? [];
}

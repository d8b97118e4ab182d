import { isObject, listOf, type JsonObject } from '../wire/json-value.ts';
import type { DeclaredParameter, ParameterLocation } from './declared-operation.ts';
import { isUnfollowed, type LocatedValue } from './problem.ts';
import type { SchemaContext } from './schema-kinds.ts';
import { typeOf } from './schema-type.ts';
import { serializationOf } from './wire-names.ts';

const LOCATIONS: Readonly<Record<string, ParameterLocation>> = {
  path: 'path',
  query: 'query',
  header: 'header',
  cookie: 'cookie',
  formData: 'form',
  querystring: 'querystring',
};

export interface ReadParameters {
  readonly parameters: readonly DeclaredParameter[];
  /** The schema of OpenAPI 2's `in: body` parameter. */
  readonly bodySchema?: LocatedValue | undefined;
}

/** Parameters of a path item and its operation; those of later lists replace those of the same name and location. */
export function readParameters(lists: readonly LocatedValue[], context: SchemaContext): ReadParameters {
  const { references, report } = context;
  const found = new Map<string, DeclaredParameter>();
  let bodySchema: LocatedValue | undefined;
  for (const list of lists) {
    if (list.value !== undefined && !Array.isArray(list.value)) report('parameter-invalid', list);
    for (const value of listOf(list.value)) {
      const resolved = references.follow({ value, base: list.base });
      if (isUnfollowed(resolved)) {
        report(resolved, { value, base: list.base });
        continue;
      }
      const { value: parameter, base } = resolved;
      if (isObject(parameter) && parameter.in === 'body') {
        bodySchema = { value: parameter.schema ?? {}, base };
        continue;
      }
      const read = isObject(parameter)
        ? readParameter(parameter, base, { ...context, report: (why, part) => report(why, part ?? resolved) })
        : undefined;
      if (read === undefined) report('parameter-invalid', resolved);
      else found.set(`${read.in} ${read.name}`, read);
    }
  }
  return { parameters: [...found.values()], bodySchema };
}

function readParameter(parameter: JsonObject, base: string, context: SchemaContext): DeclaredParameter | undefined {
  const location =
    typeof parameter.in === 'string' && Object.hasOwn(LOCATIONS, parameter.in) ? LOCATIONS[parameter.in] : undefined;
  const { name } = parameter;
  if (location === undefined || typeof name !== 'string') return undefined;
  const schema = schemaOf(parameter, base);
  return {
    name,
    in: location,
    required: parameter.required === true,
    schemaType: parameterType(schema, context),
    ...serializationOf({ parameter, in: location, name, schema }, context),
  };
}

/** An OpenAPI 2 parameter is its own schema. */
function schemaOf(parameter: JsonObject, base: string): LocatedValue {
  const { content } = parameter;
  const media = isObject(content) ? Object.values(content)[0] : undefined;
  return { value: parameter.schema ?? (isObject(media) ? media.schema : undefined) ?? parameter, base };
}

function parameterType(schema: LocatedValue, { references }: SchemaContext): string {
  const resolved = references.follow(schema);
  return !isUnfollowed(resolved) && isObject(resolved.value) ? typeOf(resolved.value) : 'unknown';
}

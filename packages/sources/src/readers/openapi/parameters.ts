import type { DeclaredParameter, ParameterLocation } from '../../reading/declared-operation.ts';
import { isObject, listOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import type { LocatedValue, References } from './references.ts';
import { typeOf } from './schema-type.ts';

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

/** Parameters of a path item and its operation; the operation's replace those of the same name and location. */
export function readParameters(
  lists: readonly LocatedValue[],
  references: References,
  reject: (code: RejectCode) => void,
): ReadParameters {
  const found = new Map<string, DeclaredParameter>();
  let bodySchema: LocatedValue | undefined;
  for (const list of lists) {
    if (list.value !== undefined && !Array.isArray(list.value)) reject('parameter-invalid');
    for (const value of listOf(list.value)) {
      const resolved = references.follow({ value, base: list.base });
      if (typeof resolved === 'string') {
        reject(resolved);
        continue;
      }
      const parameter = resolved.value;
      if (isObject(parameter) && parameter.in === 'body') {
        bodySchema = { value: parameter.schema ?? {}, base: resolved.base };
        continue;
      }
      const read = isObject(parameter) ? readParameter(parameter, resolved.base, references) : undefined;
      if (read === undefined) reject('parameter-invalid');
      else found.set(`${read.in} ${read.name}`, read);
    }
  }
  return { parameters: [...found.values()], bodySchema };
}

function readParameter(parameter: JsonObject, base: string, references: References): DeclaredParameter | undefined {
  const location =
    typeof parameter.in === 'string' && Object.hasOwn(LOCATIONS, parameter.in) ? LOCATIONS[parameter.in] : undefined;
  if (location === undefined || typeof parameter.name !== 'string') return undefined;
  return {
    name: parameter.name,
    in: location,
    required: parameter.required === true,
    schemaType: parameterType(parameter, base, references),
  };
}

function parameterType(parameter: JsonObject, base: string, references: References): string {
  const { content } = parameter;
  const media = isObject(content) ? Object.values(content)[0] : undefined;
  const schema = parameter.schema ?? (isObject(media) ? media.schema : undefined) ?? parameter;
  const resolved = references.follow({ value: schema, base });
  return typeof resolved !== 'string' && isObject(resolved.value) ? typeOf(resolved.value) : 'unknown';
}

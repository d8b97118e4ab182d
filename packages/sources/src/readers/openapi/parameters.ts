import type { DeclaredParameter, ParameterPlace } from '../../reading/declared-operation.ts';
import { isObject, listOf, type JsonObject } from '../../reading/json/json-shape.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';
import type { Placed, References } from './references.ts';
import { typeOf } from './schema-type.ts';

const PLACES: Readonly<Record<string, ParameterPlace>> = {
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
  readonly bodySchema?: Placed | undefined;
}

/** Parameters of a path item and its operation; the operation's replace those of the same name and place. */
export function readParameters(
  lists: readonly Placed[],
  references: References,
  lost: (code: RejectCode) => void,
): ReadParameters {
  const found = new Map<string, DeclaredParameter>();
  let bodySchema: Placed | undefined;
  for (const list of lists) {
    if (list.value !== undefined && !Array.isArray(list.value)) lost('parameter-invalid');
    for (const value of listOf(list.value)) {
      const placed = references.follow({ value, base: list.base });
      if (typeof placed === 'string') {
        lost(placed);
        continue;
      }
      const parameter = placed.value;
      if (isObject(parameter) && parameter.in === 'body') {
        bodySchema = { value: parameter.schema ?? {}, base: placed.base };
        continue;
      }
      const read = isObject(parameter) ? readParameter(parameter, placed.base, references) : undefined;
      if (read === undefined) lost('parameter-invalid');
      else found.set(`${read.in} ${read.name}`, read);
    }
  }
  return { parameters: [...found.values()], bodySchema };
}

function readParameter(parameter: JsonObject, base: string, references: References): DeclaredParameter | undefined {
  const place =
    typeof parameter.in === 'string' && Object.hasOwn(PLACES, parameter.in) ? PLACES[parameter.in] : undefined;
  if (place === undefined || typeof parameter.name !== 'string') return undefined;
  return {
    name: parameter.name,
    in: place,
    required: parameter.required === true,
    schemaType: parameterType(parameter, base, references),
  };
}

function parameterType(parameter: JsonObject, base: string, references: References): string {
  const { content } = parameter;
  const media = isObject(content) ? Object.values(content)[0] : undefined;
  const schema = parameter.schema ?? (isObject(media) ? media.schema : undefined) ?? parameter;
  const placed = references.follow({ value: schema, base });
  return typeof placed !== 'string' && isObject(placed.value) ? typeOf(placed.value) : 'unknown';
}

import { isObject, type JsonObject } from '../wire/json-value.ts';
import type { DeclaredParameter, ParameterLocation, WireName } from './declared-operation.ts';
import { isMediaType } from './media-type.ts';
import type { LocatedValue } from './problem.ts';
import { type SchemaContext, type SchemaKinds, schemaKinds } from './schema-kinds.ts';

/** Objects inside an object parameter are followed to this depth. */
const MAX_DEPTH = 5;
const STYLES: Readonly<Record<string, readonly string[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
};

/** How a parameter is written in a request (OpenAPI 3.1 §4.8.12, 2.0 `collectionFormat`). */
export type Serialization = Pick<DeclaredParameter, 'style' | 'explode' | 'onWire' | 'open'>;

/** The parameter, where it is in, and its schema. */
export interface ParameterSource {
  readonly parameter: JsonObject;
  readonly in: ParameterLocation;
  readonly name: string;
  readonly schema: LocatedValue;
}

/** Members that are as a reader expects are left out. */
export function serializationOf(source: ParameterSource, context: SchemaContext): Serialization {
  const { parameter, schema } = source;
  const declared = declaredStyle(source, context);
  if (source.in !== 'query' && source.in !== 'querystring' && source.in !== 'form' && source.in !== 'cookie')
    return declared;
  if (source.in === 'querystring') return { ...declared, ...querystringNames(source, context) };
  if (isObject(parameter.content)) return declared;
  const kinds = schemaKinds([schema], context);
  const { names, open } = namesOf(source, { kinds, context });
  const [only, ...others] = names;
  const isPlain = others.length === 0 && only?.name === source.name && !only.repeats;
  return { ...declared, ...(isPlain ? {} : { onWire: names }), ...(open ? { open } : {}) };
}

function declaredStyle({ parameter, in: where }: ParameterSource, { report }: SchemaContext): Serialization {
  const { style, explode } = parameter;
  const known = STYLES[where];
  if (style !== undefined && known && !(typeof style === 'string' && known.includes(style))) report('style-unknown');
  return {
    ...(typeof style === 'string' ? { style } : {}),
    ...(typeof explode === 'boolean' ? { explode } : {}),
  };
}

interface Names {
  readonly names: readonly WireName[];
  readonly open: DeclaredParameter['open'];
}

interface KindsContext {
  readonly kinds: SchemaKinds;
  readonly context: SchemaContext;
}

function namesOf({ parameter, name }: ParameterSource, { kinds, context }: KindsContext): Names {
  const { style = 'form', explode = style === 'form', collectionFormat } = parameter;
  const names = new Map<string, boolean>();
  let open: Names['open'];
  const add = (each: string, repeats: boolean): void => void names.set(each, repeats || names.get(each) === true);
  const isExploded = explode === true && collectionFormat === undefined;
  if (style === 'deepObject') {
    open = addDeep(name, { kinds, context }, { add, depth: 0 });
  } else {
    // Swagger 2 repeats a name with `multi` only; an OpenAPI 3 parameter by default.
    if (kinds.array) add(name, collectionFormat === 'multi' || (isExploded && !isSwagger(parameter)));
    if (kinds.other || (!kinds.array && !kinds.object) || (kinds.object && !isExploded)) add(name, false);
    if (kinds.object && isExploded) {
      for (const [member, schemas] of kinds.members) add(member, schemaKinds(schemas, context).array);
      if (kinds.isOpen) open = 'any';
    }
  }
  return { names: [...names].map(([each, repeats]) => ({ name: each, repeats })), open };
}

/** An OpenAPI 2 parameter has its type beside its name. */
function isSwagger(parameter: JsonObject): boolean {
  return parameter.schema === undefined && parameter.type !== undefined;
}

interface DeepNames {
  readonly add: (name: string, repeats: boolean) => void;
  readonly depth: number;
}

/**
 * `filter[status]`, `filter[author][id]`. OpenAPI does not define lists and scalars in this style: a list is taken as `filter[tags]`
 * and `filter[tags][]`, which both repeat.
 */
function addDeep(name: string, { kinds, context }: KindsContext, { add, depth }: DeepNames): Names['open'] {
  let open: Names['open'] = kinds.array || (kinds.object && kinds.isOpen) ? 'below' : undefined;
  if (kinds.array) {
    add(name, true);
    add(`${name}[]`, true);
  }
  if (kinds.other || (!kinds.array && !kinds.object)) add(name, false);
  if (kinds.object && depth >= MAX_DEPTH) return 'below';
  for (const [member, schemas] of kinds.object ? kinds.members : []) {
    const below = addDeep(
      `${name}[${member}]`,
      { kinds: schemaKinds(schemas, context), context },
      { add, depth: depth + 1 },
    );
    open = below ?? open;
  }
  return open;
}

/** 3.2: the whole query as one value. Only a form has names. */
function querystringNames({ parameter, schema: { base } }: ParameterSource, context: SchemaContext): Serialization {
  const { content } = parameter;
  const form = isObject(content)
    ? Object.entries(content).find(([type]) => isMediaType(type, 'application/x-www-form-urlencoded'))
    : undefined;
  const media = form?.[1];
  if (!isObject(media)) return { onWire: [], open: 'any' };
  const kinds = schemaKinds([{ value: media.schema ?? true, base }], context);
  const names = [...kinds.members].map(([name, schemas]) => ({ name, repeats: schemaKinds(schemas, context).array }));
  return { onWire: names, ...(kinds.isOpen || kinds.other ? { open: 'any' as const } : {}) };
}

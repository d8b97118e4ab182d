import { isObject, textOf, type JsonObject } from '../wire/json-value.ts';

/** `string(uuid)`, `integer`, `object`, `string|null`; `unknown` if a schema has no type and no keyword that implies one. */
export function typeOf(schema: JsonObject): string {
  const { type, format } = schema;
  const named = Array.isArray(type) ? type.filter((one) => typeof one === 'string').join('|') : type;
  if (typeof named === 'string' && named !== '') {
    const nullable = schema.nullable === true && !named.includes('null') ? '|null' : '';
    return `${typeof format === 'string' && format !== '' ? `${named}(${format})` : named}${nullable}`;
  }
  if (isObject(schema.properties) || isObject(schema.additionalProperties)) return 'object';
  if (schema.items !== undefined) return 'array';
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map(jsonType))].join('|') || 'unknown';
  if (schema.const !== undefined) return jsonType(schema.const);
  return 'unknown';
}

export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** The sensitivity that a schema declares, as text, by extensions of the OpenAPI registry and other usual ones. */
export function classificationOf(schema: JsonObject): string | undefined {
  const declared =
    schema['x-data-classification'] ?? schema['x-sensitive-data'] ?? schema['x-pii'] ?? schema['x-sensitive'];
  if (declared === undefined || declared === false || declared === null) return undefined;
  if (isObject(declared)) {
    const parts = [declared.category, declared.sensitivity].map(textOf).filter((part) => part !== undefined);
    return parts.length === 0 ? 'sensitive' : parts.join('/');
  }
  if (Array.isArray(declared)) return declared.map(textOf).filter(Boolean).join(',') || 'sensitive';
  return textOf(declared) ?? 'sensitive';
}

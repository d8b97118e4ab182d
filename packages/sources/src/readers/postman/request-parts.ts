import type { Headers } from '@leakproof/core';
import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import { splitPath } from '../../inventory/paths/segment-shape.ts';
import type { PathVariables } from '../../reading/reader.ts';
import { fromText } from '../../reading/bytes/text-body.ts';

type Fill = (text: string) => string;

export interface PostmanUrl {
  readonly url: string;
  /** The same before path variables were replaced: `/users/:id`. */
  readonly template: string;
}

/** The URL of a request: its `raw` text, or composed of its parts. Undefined if there is neither. */
export function urlOf(url: unknown, fill: Fill): PostmanUrl | undefined {
  if (typeof url === 'string') return { url: fill(url), template: fill(url) };
  if (!isObject(url)) return undefined;
  const raw = typeof url.raw === 'string' && url.raw !== '' ? url.raw : joined(url);
  if (raw === undefined) return undefined;
  const template = fill(withoutDisabled(raw, url.query));
  return { url: withPathVariables(template, url.variable, fill), template };
}

/** The names of the path variables of an absolute URL, or of a path, by the index of their segments; undefined if there are none. */
export function pathVariablesOf(template: string): PathVariables | undefined {
  const names = splitPath(template.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')).map(
    (segment) => /^:([\w-]+)$/.exec(segment)?.[1],
  );
  return names.some((name) => name !== undefined) ? names : undefined;
}

function joined(url: JsonObject): string | undefined {
  const host = segments(url.host, '.');
  if (host === undefined) return undefined;
  const query = listOf(url.query)
    .filter((pair) => isObject(pair) && pair.disabled !== true)
    .map((pair) => `${textOf((pair as JsonObject).key) ?? ''}=${textOf((pair as JsonObject).value) ?? ''}`);
  const port = textOf(url.port);
  const path = segments(url.path, '/') ?? '';
  const origin = `${textOf(url.protocol) ?? 'http'}://${host}${port === undefined ? '' : `:${port}`}`;
  return `${host.startsWith('{{') ? host : origin}/${path.replace(/^\//, '')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

function segments(value: unknown, mark: string): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  return (value as unknown[])
    .map((part) => textOf(part) ?? (isObject(part) ? (textOf(part.value) ?? '') : ''))
    .join(mark);
}

/** Postman leaves disabled parameters out of `raw`; other programs do not. */
function withoutDisabled(raw: string, query: unknown): string {
  let url = raw;
  for (const pair of listOf(query)) {
    if (!isObject(pair) || pair.disabled !== true || typeof pair.key !== 'string') continue;
    const text = `${pair.key}=${textOf(pair.value) ?? ''}`;
    url = url.replace(`&${text}`, '').replace(`?${text}&`, '?').replace(`?${text}`, '');
  }
  return url;
}

/** Replaces `:id` in `/users/:id` if `id` has a value. */
function withPathVariables(url: string, variables: unknown, fill: Fill): string {
  let filled = url;
  for (const variable of listOf(variables)) {
    if (!isObject(variable)) continue;
    const name = textOf(variable.key) ?? textOf(variable.id);
    const value = fill(textOf(variable.value) ?? '');
    if (name === undefined || name === '' || value === '') continue;
    const at = filled.search(new RegExp(`/:${name.replaceAll(/[^\w-]/g, String.raw`\$&`)}(?=[/?#]|$)`));
    if (at >= 0)
      filled = `${filled.slice(0, at + 1)}${encodeURIComponent(value.toWellFormed())}${filled.slice(at + 2 + name.length)}`;
  }
  return filled;
}

/** The enabled headers; a string of `A: b` lines, as in v1, is read too. */
export function headersOf(header: unknown, fill: Fill, onInvalid: (count: number) => void): Headers {
  if (typeof header === 'string') {
    return header
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line) => [
        line.slice(0, line.indexOf(':')).trim().toLowerCase(),
        fill(line.slice(line.indexOf(':') + 1).trim()),
      ]);
  }
  const headers: [string, string][] = [];
  for (const one of listOf(header)) {
    if (isObject(one) && one.disabled === true) continue;
    const value = isObject(one) ? textOf(one.value) : undefined;
    if (!isObject(one) || typeof one.key !== 'string' || one.key.trim() === '' || value === undefined) onInvalid(1);
    else headers.push([fill(one.key).trim().toLowerCase(), fill(value)]);
  }
  return headers;
}

/** A body with the content type that Postman sends; `absent` for a file or a multipart form. */
export function bodyOf(body: unknown, fill: Fill): { bytes?: Uint8Array; type?: string; absent?: true } {
  if (!isObject(body) || body.disabled === true) return {};
  switch (body.mode) {
    case 'raw':
      return withType(typeof body.raw === 'string' ? fill(body.raw) : '', rawType(body.options));
    case 'urlencoded':
      return withType(formOf(body.urlencoded, fill), 'application/x-www-form-urlencoded');
    case 'graphql': {
      const { graphql } = body;
      if (!isObject(graphql)) return {};
      const variables = typeof graphql.variables === 'string' ? parsed(fill(graphql.variables)) : graphql.variables;
      return withType(JSON.stringify({ query: fill(textOf(graphql.query) ?? ''), variables }), 'application/json');
    }
    case 'formdata':
    case 'file':
      return { absent: true };
    default:
      return {};
  }
}

function withType(text: string, type: string): { bytes?: Uint8Array; type?: string; absent?: true } {
  if (text === '') return {};
  const bytes = fromText(text);
  return bytes === undefined ? { absent: true } : { bytes, type };
}

function rawType(options: unknown): string {
  const raw = isObject(options) && isObject(options.raw) ? options.raw.language : undefined;
  const types = new Map<unknown, string>([
    ['json', 'application/json'],
    ['xml', 'application/xml'],
    ['html', 'text/html'],
    ['javascript', 'application/javascript'],
  ]);
  return types.get(raw) ?? 'text/plain';
}

function formOf(fields: unknown, fill: Fill): string {
  return listOf(fields)
    .filter((field) => isObject(field) && field.disabled !== true && typeof field.key === 'string')
    .map((field) => {
      const { key, value } = field as JsonObject;
      return `${encodeURIComponent(fill(String(key)).toWellFormed())}=${encodeURIComponent(fill(textOf(value) ?? '').toWellFormed())}`;
    })
    .join('&');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import type { Headers } from '@leakproof/core';
import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';

/** Headers of a HAR message without the pseudo-headers of HTTP/2, which repeat the URL and method. */
export function headersOf(message: JsonObject, onInvalid: (count: number) => void): Headers {
  const headers: [string, string][] = [];
  const { headers: declared } = message;
  if (isObject(declared)) {
    for (const [name, value] of Object.entries(declared)) add(name, value);
  } else {
    for (const header of listOf(declared)) {
      if (isObject(header)) add(header.name, header.value);
      else onInvalid(1);
    }
  }
  return headers;

  function add(name: unknown, value: unknown): void {
    const text = textOf(value);
    if (typeof name !== 'string' || name === '' || text === undefined) onInvalid(1);
    else if (!name.startsWith(':')) headers.push([name.toLowerCase(), text]);
  }
}

export function hasHeader(headers: Headers, name: string): boolean {
  return headers.some((header) => header[0] === name);
}

/** The Cookie header of a request whose cookies are listed separately, or undefined. */
export function cookieHeader(cookies: unknown): string | undefined {
  const pairs: string[] = [];
  for (const cookie of listOf(cookies)) {
    if (!isObject(cookie)) continue;
    const value = textOf(cookie.value);
    if (typeof cookie.name === 'string' && value !== undefined) pairs.push(`${cookie.name}=${value}`);
  }
  return pairs.length === 0 ? undefined : pairs.join('; ');
}

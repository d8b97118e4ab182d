import type { Headers } from '@leakproof/core';

/** The value of a cookie as it was sent, without decoding; undefined if it is not in the request. */
export function cookieValue(headers: Headers, name: string): string | undefined {
  for (const [header, value] of headers) {
    if (header !== 'cookie') continue;
    for (const pair of value.split(';')) if (nameOf(pair) === name) return pair.slice(pair.indexOf('=') + 1).trim();
  }
  return undefined;
}

/** The headers with only these cookies, each as it was sent; names are compared exactly. The same object if there is no cookie. */
export function withCookies(headers: Headers, allowed: ReadonlySet<string>): Headers {
  if (!headers.some(([name]) => name === 'cookie')) return headers;
  return headers.flatMap(([name, value]): Headers => {
    if (name !== 'cookie') return [[name, value]];
    const kept = value.split(';').filter((pair) => allowed.has(nameOf(pair) ?? ''));
    return kept.length === 0 ? [] : [[name, kept.map((pair) => pair.trim()).join('; ')]];
  });
}

function nameOf(pair: string): string | undefined {
  const equals = pair.indexOf('=');
  return equals < 1 ? undefined : pair.slice(0, equals).trim();
}

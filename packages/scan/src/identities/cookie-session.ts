import type { Endpoint, Headers } from '@leakproof/core';
import type { z } from 'zod';
import type { RequestTemplate } from '../transport/transport.ts';
import { CookieJar } from './cookie-jar.ts';
import type { Csrf } from './secret-source.ts';
import type { Session, SignedRequest } from './session.ts';

export interface CookieSessionParts {
  /** The host the cookies are for, as in a URL; no other host gets them. */
  readonly hostname: string;
  /** The value of a `Cookie` header. */
  readonly cookie: string;
  readonly csrf?: z.infer<typeof Csrf> | undefined;
  readonly referer?: string | undefined;
}

/** Cookies with the token against cross-site requests. Rotated cookies are followed, and the token with them. */
export function cookieSession({ hostname, cookie, csrf, referer }: CookieSessionParts): Session {
  const jar = new CookieJar(cookie);
  const isOurs = (endpoint: Endpoint): boolean => hostnameOf(endpoint) === hostname;
  return {
    claims: {},
    sign: (endpoint, template): SignedRequest => {
      if (!isOurs(endpoint)) return { template, credential: [] };
      const token = csrf && jar.get(csrf.cookie);
      const credential: Headers = [
        ...(jar.header === '' ? [] : [['cookie', jar.header] as const]),
        ...(referer === undefined ? [] : [['referer', referer] as const]),
        ...(csrf?.header === undefined || token === undefined
          ? []
          : [[csrf.header.toLowerCase(), decoded(token)] as const]),
      ];
      if (csrf?.body === undefined || token === undefined) return { template, credential };
      return { template: withBodyToken(template, csrf.body, decoded(token)), credential };
    },
    received: (endpoint, headers) => {
      if (isOurs(endpoint)) jar.follow(headers, Date.now());
    },
  };
}

export function hostnameOf(endpoint: Pick<Endpoint, 'scheme' | 'authority'>): string {
  return new URL(`${endpoint.scheme}://${endpoint.authority}`).hostname;
}

/** Cookies of this kind are often percent-encoded, and headers are not. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The template with the token in its body, in place of another one; unchanged if it has no such member. */
export function withBodyToken(template: RequestTemplate, member: string, token: string): RequestTemplate {
  const { body } = template;
  if (body === undefined) return template;
  const form = new URLSearchParams(body);
  if (!body.startsWith('{') && form.has(member)) {
    form.set(member, token);
    return { ...template, body: form.toString() };
  }
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !(member in value)) return template;
    return { ...template, body: JSON.stringify({ ...value, [member]: token }) };
  } catch {
    return template;
  }
}

import type { Endpoint, Headers } from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';
import { CookieJar } from './cookie-jar.ts';
import { decoded, withBodyToken } from './cookie-session.ts';
import type { CredentialSet } from './credential-sets.ts';
import { claimsOf, type Session, withQuery } from './session.ts';

interface OriginSession {
  readonly set: CredentialSet;
  readonly jar: CookieJar;
  /** Header or body member → the cookie whose value it repeats. */
  readonly mirrors: ReadonlyMap<string, string>;
}

/**
 * The credentials of a capture, each sent to its own origin only, as one set: headers, cookies, parameters, and the tokens against
 * cross-site requests. What repeats a cookie follows it when the cookie is rotated.
 */
export function capturedSession(sets: ReadonlyMap<string, CredentialSet>): Session {
  const origins = new Map([...sets].map(([origin, set]) => [origin, originSession(set)]));
  const [first] = sets.values();
  return {
    claims: first ? claimsIn(first.headers) : {},
    sign: (endpoint, template) => {
      const here = origins.get(`${endpoint.scheme}://${endpoint.authority}`);
      return here ? sign(here, template) : { template, credential: [] };
    },
    received: (endpoint: Endpoint, headers: Headers) => {
      origins.get(`${endpoint.scheme}://${endpoint.authority}`)?.jar.follow(headers, Date.now());
    },
  };
}

function originSession(set: CredentialSet): OriginSession {
  const jar = new CookieJar(set.cookie);
  const mirrors = new Map<string, string>();
  for (const [name, value] of [...set.headers, ...set.body]) {
    const [cookie] = [...jar.namesOf(value), ...jar.namesOf(encodeURIComponent(value))];
    if (cookie !== undefined && name !== 'authorization') mirrors.set(name, cookie);
  }
  return { set, jar, mirrors };
}

function sign({ set, jar, mirrors }: OriginSession, template: RequestTemplate): ReturnType<Session['sign']> {
  const current = (name: string, value: string): string => {
    const cookie = mirrors.get(name);
    return cookie === undefined ? value : decoded(jar.get(cookie) ?? value);
  };
  const credential: Headers = [
    ...set.headers.map(([name, value]) => [name, current(name, value)] as const),
    ...(jar.header === '' ? [] : [['cookie', jar.header] as const]),
    ...(set.referer === undefined ? [] : [['referer', set.referer] as const]),
  ];
  let signed = template;
  for (const [name, value] of set.query) signed = withQuery(signed, name, value);
  for (const [name, value] of set.body) signed = withBodyToken(signed, name, current(name, value));
  return { template: signed, credential };
}

function claimsIn(headers: Headers): Readonly<Record<string, unknown>> {
  const authorization = headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  return claimsOf(authorization.replace(/^bearer +/i, ''));
}

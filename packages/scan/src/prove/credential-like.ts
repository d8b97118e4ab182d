import type { Exchange } from '@leakproof/core';
import type { DeclaredHttpOperation } from '@leakproof/sources';
import { CookieJar } from '../identities/cookie-jar.ts';
import { credentialSets, type CredentialSet } from '../identities/credential-sets.ts';
import { decoded } from '../identities/cookie-session.ts';
import type { SecretSource } from '../identities/secret-source.ts';
import type { CredentialReference } from './prove-input.ts';

/** Whether a secret is a whole copied request, whose credentials are swapped as one set. */
export const readCredential = (text: string): 'capture' | 'secret' =>
  /^\s*(?:\$ )?curl(?:\.exe)?\s/.test(text) ? 'capture' : 'secret';

/**
 * Another credential, of the kind that the first request has; without a request, of the kind that the description declares; else a
 * bearer token. The secret is the token, the whole value of the header for a scheme of its own, `USER:PASSWORD`, or the value of the
 * `Cookie` header.
 */
export function credentialLike(
  from: SecretSource,
  {
    exchanges,
    declared,
  }: { readonly exchanges: readonly Exchange[]; readonly declared: readonly DeclaredHttpOperation[] },
): CredentialReference {
  const [first] = credentialSets(exchanges).values();
  return first ? likeSet(from, first) : likeDeclared(from, declared);
}

function likeSet(from: SecretSource, { headers, cookie, referer, query }: CredentialSet): CredentialReference {
  const authorization = headers.find(([name]) => name === 'authorization')?.[1];
  if (authorization !== undefined) {
    const scheme = /^[A-Za-z][\w-]*(?= )/.exec(authorization)?.[0].toLowerCase();
    if (scheme === 'bearer') return { token: { from, send: 'bearer' } };
    return scheme === 'basic' ? { basic: { from } } : { apiKey: { from, header: 'authorization' } };
  }
  if (cookie !== '') {
    const jar = new CookieJar(cookie);
    const mirror = headers.flatMap(([header, value]) => {
      const [name] = [...jar.namesOf(value), ...jar.namesOf(encodeURIComponent(decoded(value)))];
      return name === undefined ? [] : [{ header, cookie: name }];
    })[0];
    return {
      session: { cookie: from, ...(mirror ? { csrf: mirror } : {}), ...(referer === undefined ? {} : { referer }) },
    };
  }
  const [[header] = []] = headers;
  if (header !== undefined) return { apiKey: { from, header } };
  return { apiKey: { from, query: query[0]?.[0] ?? '' } };
}

function likeDeclared(from: SecretSource, declared: readonly DeclaredHttpOperation[]): CredentialReference {
  const types = declared.flatMap(({ security }) => (security ?? []).flat().map(({ type }) => type));
  for (const type of types) {
    if (type === 'http:basic') return { basic: { from } };
    const [, place, name = ''] = /^apiKey:(header|query|cookie):(.+)$/.exec(type) ?? [];
    if (place === 'header') return { apiKey: { from, header: name } };
    if (place === 'query') return { apiKey: { from, query: name } };
    if (place === 'cookie') return { token: { from, send: { cookie: name } } };
    if (type === 'http:bearer' || type === 'oauth2' || type === 'openIdConnect') break;
  }
  return { token: { from, send: 'bearer' } };
}

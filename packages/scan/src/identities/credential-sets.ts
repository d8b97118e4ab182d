import type { Exchange, Headers } from '@leakproof/core';
import { isCredentialHeader } from '@leakproof/sources';
import { groupBy } from '../group-by.ts';

/** What one caller sent to one origin to be known there, as one set. Contains secrets: keep it in memory. */
export interface CredentialSet {
  /** Without cookies and `Referer`. */
  readonly headers: Headers;
  /** The value of the `Cookie` header; empty if there is none. */
  readonly cookie: string;
  readonly referer?: string | undefined;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Members of request bodies that are tokens against cross-site requests. */
  readonly body: ReadonlyMap<string, string>;
}

/** Headers of the client, of the network or of tracing: they say nothing about the caller. */
const OF_THE_CLIENT =
  /^:|^(?:accept|user-agent|host|connection|content|origin|referer|cache-control|pragma|if|range|sec|dnt|te|priority|upgrade|transfer|expect|purpose|via|forwarded|x-forwarded|x-real-ip|traceparent|tracestate|baggage|x-request-id|x-correlation-id|x-b3|sentry|date|keep-alive|save-data|device-memory|x-requested-with)(?:$|-)/;
const NAMES_A_SECRET =
  /csrf|xsrf|token|auth|secret|session|signature|credential|passw|jwt|(?:^|[-_])(?:api)?[-_]?key$|(?:^|[-_])sid$/i;
const QUERY_SECRET = /^(?:access_?token|auth_?token|api[-_]?key|x-api-key|token|jwt|key|sig|signature)$/i;
const BODY_TOKEN = /^(?:csrfmiddlewaretoken|_?csrf(?:_?token)?|authenticity_token|_token|__RequestVerificationToken)$/;
/** A value that no secret of any strength has. */
const PLAIN_VALUE = /^[\w .;,/:=()+-]{1,32}$/;

/** By origin, the credentials of the caller with most exchanges there. Empty if no exchange has a credential. */
export function credentialSets(exchanges: readonly Exchange[]): Map<string, CredentialSet> {
  const sets = new Map<string, CredentialSet>();
  const known = exchanges.filter(({ caller }) => caller.auth === 'credential' && caller.fingerprint !== undefined);
  for (const [origin, here] of groupBy(known, ({ request }) => `${request.scheme}://${request.authority}`)) {
    const callers = [...groupBy(here, ({ caller }) => caller.fingerprint ?? '').values()];
    const [most = []] = callers.sort((a, b) => b.length - a.length);
    const last = most.at(-1);
    if (last) sets.set(origin, setOf(last, most));
  }
  return sets;
}

function setOf({ request: { headers, target } }: Exchange, all: readonly Exchange[]): CredentialSet {
  const cookie = headers.flatMap(([name, value]) => (name === 'cookie' ? [value] : [])).join('; ');
  const [, search = ''] = target.split('?', 2);
  const referer = headers.find(([name]) => name === 'referer')?.[1];
  return {
    headers: headers.filter(([name, value]) => name !== 'cookie' && isSecretHeader(name, value)),
    cookie,
    ...(referer === undefined ? {} : { referer }),
    query: [...new URLSearchParams(search)].filter(([name]) => QUERY_SECRET.test(name)),
    body: new Map(all.flatMap(({ request: { body } }) => bodyTokens(body))),
  };
}

/** A header that tells who the caller is, or that could: only what is certainly no secret is not one. */
export function isSecretHeader(name: string, value: string): boolean {
  if (isCredentialHeader(name) || NAMES_A_SECRET.test(name)) return true;
  return !OF_THE_CLIENT.test(name) && !isPlain(value);
}

/** Headers of an application that are the same for every caller, such as `x-platform: web`. */
export function commonHeaders({ request }: Exchange): Headers {
  return request.headers.filter(([name, value]) => !OF_THE_CLIENT.test(name) && !isSecretHeader(name, value));
}

/** The target without the parameters that are a credential. */
export function withoutCredential(target: string): string {
  const [path = '', search] = target.split('?', 2);
  if (search === undefined) return target;
  const kept = search.split('&').filter((pair) => !QUERY_SECRET.test(decodeName(pair.split('=', 1)[0] ?? '')));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

/** Words, versions and numbers: short, and never a long run of letters with digits. */
function isPlain(value: string): boolean {
  return PLAIN_VALUE.test(value) && !/(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{12,}/.test(value);
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bodyTokens(body: Uint8Array | undefined): (readonly [string, string])[] {
  if (!body || body.length > 65_536) return [];
  const text = Buffer.from(body).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).filter(
      (entry): entry is [string, string] => BODY_TOKEN.test(entry[0]) && typeof entry[1] === 'string',
    );
  } catch {
    return [...new URLSearchParams(text)].filter(([name]) => BODY_TOKEN.test(name));
  }
}

import type { Caller, Headers } from '@leakproof/core';
import { createHmac, randomBytes } from 'node:crypto';

/** Headers whose value is a credential, in lower case. */
const KEY_HEADERS = new Set([
  'x-api-key',
  'api-key',
  'apikey',
  'x-apikey',
  'x-api-token',
  'x-auth-token',
  'x-access-token',
  'x-session-token',
  'x-session-id',
  'x-user-token',
  'x-goog-api-key',
  'x-amz-security-token',
  'x-functions-key',
  'x-shopify-access-token',
  'x-vault-token',
  'private-token',
  'ocp-apim-subscription-key',
  'x-jwt-assertion',
  'x-goog-iap-jwt-assertion',
  'cf-access-jwt-assertion',
]);

const QUERY_CREDENTIAL =
  /[?&](?:access_token|auth_token|api_key|apikey|api-key|x-api-key|x-amz-signature|jwt)=([^&#]+)/i;
const SESSION_COOKIE =
  /sess|sid$|^sid|auth|token|jwt|login|remember|_account|identity|^wordpress_logged_in|^__(?:host|secure)-/i;
/** Names that look like sessions, of cookies that do not identify a user. */
const NOT_A_SESSION = /csrf|xsrf|consent|^_ga|^_gid|analytics|^ai_|visitor|^__cf|^amplitude|^optimizely|^mp_/i;

/** A keyed digest of a credential: equal credentials have equal fingerprints under one key. */
export type Fingerprint = (scheme: string, credential: string) => string;

let processKey: Uint8Array | undefined;
const MAX_CACHED = 512;

/**
 * The first 128 bits, in hex, of HMAC-SHA-256 under `key` (default: random for this process). Recent credentials are cached in memory
 * with their fingerprints, since captures repeat them in every request.
 */
export function createFingerprint(key?: Uint8Array): Fingerprint {
  const used = key ?? (processKey ??= randomBytes(32));
  let cached = new Map<string, string>();
  return (scheme, credential) => {
    const input = `${scheme}\0${credential}`;
    let digest = cached.get(input);
    if (digest === undefined) {
      digest = createHmac('sha256', used).update(input).digest('hex').slice(0, 32);
      if (cached.size >= MAX_CACHED) cached = new Map();
      cached.set(input, digest);
    }
    return digest;
  };
}

/** The caller of a request without a credential. `unknown`: the source may have removed it. */
export type WithoutCredential = 'anonymous' | 'unknown';

export interface CallerInput {
  readonly headers: Headers;
  readonly target: string;
  readonly without: WithoutCredential;
  readonly identity?: string | undefined;
}

/**
 * The caller by the `Authorization` header, else session cookies, else key headers, else a credential in the query. A redacted
 * credential (`[REDACTED]`) has no fingerprint. With cookies but none that looks like a session, the caller is `unknown`.
 */
export function callerOf({ headers, target, without, identity }: CallerInput, fingerprint: Fingerprint): Caller {
  let authorization: string | undefined;
  let cookies = '';
  let key: string | undefined;
  for (const [name, value] of headers) {
    if (value === '') continue;
    if (name === 'authorization') authorization ??= value;
    else if (name === 'cookie') cookies = cookies === '' ? value : `${cookies}; ${value}`;
    else if (KEY_HEADERS.has(name)) key ??= `${name}: ${value}`;
  }
  const named = identity === undefined ? {} : { identity };
  const callerWith = (scheme: string, credential: string): Caller => ({
    auth: 'credential',
    scheme,
    ...(isRedacted(credential) ? {} : { fingerprint: fingerprint(scheme, credential) }),
    ...named,
  });
  if (authorization !== undefined) return callerWith(schemeOf(authorization), authorization);
  const session = cookies === '' ? '' : sessionOf(cookies);
  if (session !== '') return callerWith('cookie', session);
  if (key !== undefined) return callerWith('api-key', key);
  const inQuery = target.includes('?') ? QUERY_CREDENTIAL.exec(target)?.[1] : undefined;
  if (inQuery !== undefined) return callerWith('query', inQuery);
  return { auth: cookies === '' ? without : 'unknown', ...named };
}

/** What loggers and exports write in the place of a credential. */
const REDACTED =
  /^(?:(?:bearer|basic|cookie) )?[[(<*]*(?:redacted|filtered|masked|hidden|removed|secret|x{3,}|\*{2,})[\])>*]*$/i;

function isRedacted(credential: string): boolean {
  return REDACTED.test(credential.replace(/^[\w-]+[=:] ?/, ''));
}

function schemeOf(authorization: string): string {
  const scheme = /^[A-Za-z][\w-]{0,31}(?= )/.exec(authorization)?.[0];
  return scheme === undefined ? 'token' : scheme.toLowerCase();
}

/** The session cookies, sorted, without those of analytics, which change. */
function sessionOf(cookies: string): string {
  const found: string[] = [];
  for (const pair of cookies.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    if (SESSION_COOKIE.test(name) && !NOT_A_SESSION.test(name) && pair.length > equals + 1) found.push(pair.trim());
  }
  return found.sort().join('; ');
}

/** True for a header of a request or response whose value is or may contain a credential. `name`: lower case. */
export function isCredentialHeader(name: string): boolean {
  return (
    name === 'authorization' ||
    name === 'proxy-authorization' ||
    name === 'cookie' ||
    name === 'set-cookie' ||
    KEY_HEADERS.has(name)
  );
}

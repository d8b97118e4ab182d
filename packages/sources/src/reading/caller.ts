import type { Caller, Headers } from '@leakproof/core';
import { createHmac, randomBytes } from 'node:crypto';

/** Names of headers whose value is a credential by itself. Lower case. */
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
/** Session-like by name and yet the same for everybody, or new for every visitor. */
const NOT_A_SESSION = /csrf|xsrf|consent|^_ga|^_gid|analytics|^ai_|visitor|^__cf|^amplitude|^optimizely|^mp_/i;

/** Names a credential without keeping it: equal credentials get equal fingerprints under one key. */
export type Fingerprint = (scheme: string, credential: string) => string;

let keyOfThisProcess: Uint8Array | undefined;
const KEPT = 512;

/**
 * HMAC-SHA-256 under `key` (default: random for this process), first 128 bits, in hex. The few last credentials are kept in
 * memory for as long as the function lives, since captures repeat them on every request.
 */
export function createFingerprint(key?: Uint8Array): Fingerprint {
  const used = key ?? (keyOfThisProcess ??= randomBytes(32));
  let known = new Map<string, string>();
  return (scheme, credential) => {
    const input = `${scheme}\0${credential}`;
    let digest = known.get(input);
    if (digest === undefined) {
      digest = createHmac('sha256', used).update(input).digest('hex').slice(0, 32);
      if (known.size >= KEPT) known = new Map();
      known.set(input, digest);
    }
    return digest;
  };
}

/** What a source says of requests that carry no credential. */
export type WithoutCredential = 'anonymous' | 'unknown';

export interface CallerInput {
  readonly headers: Headers;
  readonly target: string;
  readonly without: WithoutCredential;
  readonly identity?: string | undefined;
}

/**
 * Who sent these headers: an `Authorization` first, then session cookies, then key headers, then a credential in the query.
 * A credential that was written over (`[REDACTED]`) has no fingerprint. Cookies without a session-like name leave it open whether they carry a session: `unknown`.
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
  if (authorization !== undefined) return callerWith(schemeOf(authorization), authorization, fingerprint, identity);
  const session = cookies === '' ? '' : sessionOf(cookies);
  if (session !== '') return callerWith('cookie', session, fingerprint, identity);
  if (key !== undefined) return callerWith('api-key', key, fingerprint, identity);
  const inQuery = target.includes('?') ? QUERY_CREDENTIAL.exec(target)?.[1] : undefined;
  if (inQuery !== undefined) return callerWith('query', inQuery, fingerprint, identity);
  const auth = cookies === '' ? without : 'unknown';
  return identity === undefined ? { auth } : { auth, identity };
}

/** What loggers and exports write over a credential they take out. */
const REDACTED =
  /^(?:(?:bearer|basic|cookie) )?[[(<*]*(?:redacted|filtered|masked|hidden|removed|secret|x{3,}|\*{2,})[\])>*]*$/i;

function callerWith(scheme: string, value: string, fingerprint: Fingerprint, identity: string | undefined): Caller {
  const known = REDACTED.test(value.replace(/^[\w-]+[=:] ?/, '')) ? {} : { fingerprint: fingerprint(scheme, value) };
  const caller: Caller = { auth: 'credential', scheme, ...known };
  return identity === undefined ? caller : { ...caller, identity };
}

function schemeOf(authorization: string): string {
  const scheme = /^[A-Za-z][\w-]{0,31}(?= )/.exec(authorization)?.[0];
  return scheme === undefined ? 'token' : scheme.toLowerCase();
}

/** The session-like cookies, sorted, so that analytics cookies that come and go do not make a new caller. */
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

/** True for a header whose value is a credential, or may hold one, in a request or in a response. `name` in lower case. */
export function isCredentialHeader(name: string): boolean {
  return (
    name === 'authorization' ||
    name === 'proxy-authorization' ||
    name === 'cookie' ||
    name === 'set-cookie' ||
    KEY_HEADERS.has(name)
  );
}

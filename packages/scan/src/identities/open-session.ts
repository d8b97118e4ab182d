import {
  decodeUtf8,
  type Headers,
  type JsonNode,
  LeakproofError,
  memberOf,
  readJson,
  type Server,
  stringOf,
} from '@leakproof/core';
import type { Transport } from '../transport/transport.ts';
import type { IdentitySource, SendSource } from './identities-source.ts';
import type { ReadSecret } from './read-secret.ts';

/** A credential as headers. */
export interface Session {
  readonly headers: Headers;
  /** The claims of a JWT, not verified; empty for other credentials. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface SessionContext {
  readonly transport: Transport;
  readonly readSecret: ReadSecret;
}

/** Obtains a credential. Throws LP-IDENTITY-DEAD if the login fails, LP-SECRET-MISSING, LP-TARGET-UNREACHABLE. */
export async function openSession(identity: IdentitySource, home: Server, context: SessionContext): Promise<Session> {
  if (identity.token) return sessionOf(identity, await context.readSecret(identity.token.from), identity.token.send);
  const { login } = identity;
  const endpoint = home.endpoints.rest;
  if (!login || !endpoint) throw dead(identity, `has no way to log in at ${home.name}`);
  const response = await context.transport.send(
    endpoint,
    {
      method: 'POST',
      target: `${endpoint.path}${login.path}`,
      headers: [['content-type', 'application/json']],
      body: JSON.stringify(await fillSecrets(login.json, context.readSecret)),
    },
    [],
  );
  if (response.type === 'no-response')
    throw new LeakproofError('LP-TARGET-UNREACHABLE', `The login of "${identity.name}": ${response.reason}.`);
  const credential = response.status < 300 ? stringAt(response.body, login.pointer) : undefined;
  if (!credential)
    throw dead(identity, `could not log in: status ${response.status}, no credential at ${login.pointer}`);
  return sessionOf(identity, credential, login.send);
}

/** What undici takes as a header value; a line break at the end of a secret is removed before. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;

function sessionOf({ name }: IdentitySource, credential: string, send: SendSource): Session {
  if (!HEADER_VALUE.test(credential))
    throw new LeakproofError('LP-SECRET-MISSING', `The credential of "${name}" is empty, or no header can carry it.`);
  const claims = claimsOf(credential);
  if (send === 'bearer') return { headers: [['authorization', `Bearer ${credential}`]], claims };
  if ('header' in send) return { headers: [[send.header.toLowerCase(), credential]], claims };
  return { headers: [['cookie', `${send.cookie}=${credential}`]], claims };
}

async function fillSecrets(value: unknown, readSecret: ReadSecret): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => fillSecrets(item, readSecret)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, only] = ['', undefined]] = entries;
  if (entries.length === 1) {
    if (key === 'env' && typeof only === 'string') return readSecret({ env: only });
    if (key === 'file' && typeof only === 'string') return readSecret({ file: only });
    if (key === 'exec' && Array.isArray(only)) return readSecret({ exec: only.map(String) });
  }
  const filled = await Promise.all(entries.map(async ([name, each]) => [name, await fillSecrets(each, readSecret)]));
  return Object.fromEntries(filled) as unknown;
}

function stringAt(body: Uint8Array, pointer: string): string | undefined {
  try {
    const json = readJson(decodeUtf8(body));
    let node: JsonNode | undefined = json.root;
    for (const step of pointer.slice(1).split('/'))
      node = node && memberOf(node, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return (node && stringOf(json, node)) || undefined;
  } catch {
    return undefined;
  }
}

function claimsOf(credential: string): Readonly<Record<string, unknown>> {
  const [, payload, signature] = credential.split('.');
  if (payload === undefined || signature === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function dead(identity: IdentitySource, why: string): LeakproofError {
  return new LeakproofError('LP-IDENTITY-DEAD', `"${identity.name}" ${why}.`);
}

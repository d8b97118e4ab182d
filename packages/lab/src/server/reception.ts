import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts } from '../auth/accounts.ts';
import { type Principal, principalOf } from '../auth/principal.ts';
import type { TokenReader } from '../auth/tokens.ts';
import type { Channel, Region } from '../rules/stages.ts';
import type { Store } from '../store/store.ts';
import type { Asking } from './gate.ts';

/** One request as the front desk hands it on: read, its caller known. */
export interface Reception {
  readonly asking: Asking;
  readonly accounts: Accounts;
  readonly jwks: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** By which app a request says it comes. */
export function channelOf(headers: IncomingHttpHeaders): Channel {
  if (headers['x-api-key'] !== undefined) return 'device';
  const platform = headers['platform'];
  return platform === 'ios' || platform === 'android' ? 'mobile' : 'web';
}

export interface Credentials {
  readonly tokens: TokenReader;
  readonly accounts: Accounts;
}

/** The caller by bearer token, session cookie or a device's key. A credential that cannot be read is none. */
export async function callerOf(
  headers: IncomingHttpHeaders,
  credentials: Credentials,
  store: Store,
  region: Region,
): Promise<Principal | undefined> {
  const credential = await credentialIn(headers, credentials);
  return credential && principalOf(store, region, credential);
}

const BEARER = /^Bearer ([\w.-]+)$/i;
const SESSION = /(?:^|;\s*)cadence_session_id=([0-9a-f]{32})(?:;|$)/;

async function credentialIn(
  headers: IncomingHttpHeaders,
  { tokens, accounts }: Credentials,
): Promise<Omit<Principal, 'member'> | undefined> {
  const token = BEARER.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined) {
    const read = await tokens.read(token);
    return read && { ...read, by: 'token' };
  }
  const session = SESSION.exec(headers.cookie ?? '')?.[1];
  const claims = session === undefined ? accounts.claimsOfKey(headers['x-api-key']) : accounts.claimsOfSession(session);
  return claims && { claims, by: session === undefined ? 'api-key' : 'session' };
}

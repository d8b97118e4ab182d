import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts } from '../auth/accounts.ts';
import { type Principal, principalOf } from '../auth/principal.ts';
import type { TokenReader } from '../auth/tokens.ts';
import type { Channel, Region } from '../rules/stage.ts';
import type { Store } from '../store/store.ts';
import type { RequestContext } from './authorizer.ts';

/** A request after its body was read and its caller identified. */
export interface ReceivedRequest {
  readonly context: RequestContext;
  readonly accounts: Accounts;
  readonly jwks: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** The app that a request says it comes from. */
export function channelOf(headers: IncomingHttpHeaders): Channel {
  if (headers['x-api-key'] !== undefined) return 'device';
  const platform = headers['platform'];
  return platform === 'ios' || platform === 'android' ? 'mobile' : 'web';
}

/** Where credentials are checked, and members found. */
export interface CallerLookup {
  readonly tokens: TokenReader;
  readonly accounts: Accounts;
  readonly store: Store;
  readonly region: Region;
}

/** The caller by bearer token, session cookie or device key; undefined if there is no readable credential. */
export async function callerOf(headers: IncomingHttpHeaders, lookup: CallerLookup): Promise<Principal | undefined> {
  const credential = await credentialIn(headers, lookup);
  return credential && principalOf(lookup.store, lookup.region, credential);
}

const BEARER = /^Bearer ([\w.-]+)$/i;
const SESSION = /(?:^|;\s*)cadence_session_id=([0-9a-f]{32})(?:;|$)/;

async function credentialIn(
  headers: IncomingHttpHeaders,
  { tokens, accounts }: CallerLookup,
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

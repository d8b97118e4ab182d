import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts } from '../auth/accounts.ts';
import { type Principal, principalOf } from '../auth/principal.ts';
import type { Claims, TokenReader } from '../auth/tokens.ts';
import type { Channel, Region } from '../rules/stages.ts';
import type { Store } from '../store/store.ts';
import type { Asking } from './gate.ts';

/** One request as the front desk hands it on: read, its caller known. */
export interface Reception {
  readonly asking: Asking;
  readonly accounts: Accounts;
  readonly jwks: unknown;
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

/** The caller by bearer token or session cookie. A bad credential is no credential. */
export async function callerOf(
  headers: IncomingHttpHeaders,
  { tokens, accounts }: Credentials,
  store: Store,
  region: Region,
): Promise<Principal | undefined> {
  const claims = await claimsIn(headers, tokens, accounts);
  return claims === undefined ? undefined : principalOf(store, region, claims);
}

const BEARER = /^Bearer ([\w.-]+)$/i;
const SESSION = /(?:^|;\s*)cadence_session_id=([0-9a-f]{32})(?:;|$)/;

async function claimsIn(
  headers: IncomingHttpHeaders,
  tokens: TokenReader,
  accounts: Accounts,
): Promise<Claims | undefined> {
  const token = BEARER.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined) return tokens.read(token);
  const session = SESSION.exec(headers.cookie ?? '')?.[1];
  return session === undefined ? undefined : accounts.claimsOfSession(session);
}

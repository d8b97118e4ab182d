import type { z } from 'zod';
import { cookieSession, hostnameOf } from '../cookie-session.ts';
import type { Send } from '../secret-source.ts';
import { claimsOf, headerSession, type Session } from '../session.ts';
import { headerValue, type OpenContext } from './credential-kind.ts';

/** A session of one token, sent as the identities file says. Throws LP-SECRET-MISSING if no header can carry it. */
export function tokenSession(
  credential: string,
  send: z.infer<typeof Send>,
  { name, home }: Pick<OpenContext, 'name' | 'home'>,
): Session {
  const value = headerValue(name, credential);
  const claims = claimsOf(value);
  if (send === 'bearer') return headerSession([['authorization', `Bearer ${value}`]], claims);
  if ('header' in send) return headerSession([[send.header.toLowerCase(), value]], claims);
  const endpoint = home.endpoints.rest ?? home.endpoints.graphql;
  const hostname = endpoint ? hostnameOf(endpoint) : '';
  return { ...cookieSession({ hostname, cookie: `${send.cookie}=${value}` }), claims };
}

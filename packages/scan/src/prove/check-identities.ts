import { type Exchange, LeakproofError } from '@leakproof/core';
import type { Session } from '../identities/session.ts';
import { endpointOf } from '../explore/explore-request.ts';

/**
 * Checks credentials before anything is sent: none is expired, and no two are the same or of the same principal. Throws
 * LP-IDENTITY-DEAD, LP-IDENTITY-DOUBLED. `nowMs`: since 1970.
 */
export function checkCredentials(
  sessions: ReadonlyMap<string, Session>,
  origins: readonly string[],
  nowMs: number,
): void {
  const seen = new Map<string, string>();
  for (const [name, session] of sessions) {
    const { exp, sub, iss } = session.claims;
    if (typeof exp === 'number' && exp * 1000 <= nowMs)
      throw new LeakproofError('LP-IDENTITY-DEAD', `The token of "${name}" has expired.`);
    const keys = origins.map((origin) => {
      const { template, credential } = session.sign(endpointOf(origin), { method: 'GET', target: '/', headers: [] });
      return JSON.stringify([origin, template.target, credential.filter(([header]) => header !== 'referer')]);
    });
    const isPrincipal = typeof sub === 'string' || typeof sub === 'number';
    for (const key of [...keys, ...(isPrincipal ? [JSON.stringify(['sub', iss, String(sub)])] : [])]) {
      const other = seen.get(key);
      if (other !== undefined && other !== name)
        throw new LeakproofError('LP-IDENTITY-DOUBLED', `"${other}" and "${name}" have the same credential.`);
      seen.set(key, name);
    }
  }
}

/** An answer that shows that an identity is authenticated: a caller without credentials does not get it. */
export interface Baseline {
  readonly identity: string;
  readonly exchange: Exchange;
}

/**
 * One answer for each identity that a caller without credentials did not get. Throws LP-IDENTITY-DEAD for the first that has none:
 * what is refused to it would prove nothing.
 */
export function findBaselines(exchanges: readonly Exchange[], identities: readonly string[]): Baseline[] {
  const anonymous = new Map<string, Exchange>();
  for (const each of exchanges) if (each.caller.auth === 'anonymous') anonymous.set(keyOf(each), each);
  return identities.map((identity) => {
    const own = exchanges.filter(({ caller }) => caller.identity === identity);
    const shows = own.filter((each) => {
      const without = anonymous.get(keyOf(each));
      return isSuccess(each) && without !== undefined && (!isSuccess(without) || textOf(without) !== textOf(each));
    });
    // An answer of 401 or 403 to others is the clearest.
    const [best] = shows.sort(
      (a, b) => Number(isRefused(anonymous.get(keyOf(b)))) - Number(isRefused(anonymous.get(keyOf(a)))),
    );
    if (best) return { identity, exchange: best };
    const statuses = [...new Set(own.map(({ response }) => response?.status ?? 0))].sort((a, b) => a - b);
    const why =
      own.length === 0
        ? 'no request as it was answered'
        : own.some(isSuccess)
          ? 'it was given nothing that a caller without credentials was not given'
          : `every request as it was refused (${statuses.slice(0, 5).join(', ')})`;
    throw new LeakproofError('LP-IDENTITY-DEAD', `"${identity}" is not shown to be logged in: ${why}.`);
  });
}

/** Checks that each identity still gets its answer. Throws LP-IDENTITY-DEAD, or LP-IDENTITY-DOUBLED if it now gets that of another. */
export function compareBaselines(
  baselines: readonly Baseline[],
  again: ReadonlyMap<string, Exchange | undefined>,
  all: readonly Exchange[],
): void {
  for (const { identity, exchange } of baselines) {
    const now = again.get(identity);
    if (!now || !isSuccess(now))
      throw new LeakproofError('LP-IDENTITY-DEAD', `"${identity}" stopped working while the API was read.`);
    if (textOf(now) === textOf(exchange)) continue;
    const other = all.find(
      (each) =>
        keyOf(each) === keyOf(exchange) &&
        each.caller.identity !== undefined &&
        each.caller.identity !== identity &&
        textOf(each) === textOf(now),
    );
    if (other)
      throw new LeakproofError(
        'LP-IDENTITY-DOUBLED',
        `"${identity}" was answered as "${other.caller.identity}" after the API was read.`,
      );
  }
}

const keyOf = ({ request }: Exchange): string =>
  `${request.method} ${request.scheme}://${request.authority}${request.target}\n${request.body ? Buffer.from(request.body).toString('latin1') : ''}`;
const isSuccess = ({ response }: Exchange): boolean =>
  response !== undefined && response.status >= 200 && response.status < 300;
const isRefused = (exchange: Exchange | undefined): boolean => [401, 403].includes(exchange?.response?.status ?? 0);
const textOf = ({ response }: Exchange): string => Buffer.from(response?.body ?? []).toString('latin1');

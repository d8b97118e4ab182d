import type { Exchange } from '@leakproof/core';
import type { ObservedPrincipal } from './ownership.ts';

/** The name of a caller: its identity, or its fingerprint; `undefined` if the caller is unknown. */
export function callerName({ caller }: Exchange): string | undefined {
  if (caller.identity !== undefined) return caller.identity;
  if (caller.fingerprint !== undefined) return `caller-${caller.fingerprint.slice(0, 12)}`;
  return caller.auth === 'anonymous' ? ANONYMOUS_CALLER : undefined;
}

export const ANONYMOUS_CALLER = 'anonymous';

/** `given`, with the subject and tenant in the bearer tokens of each caller. Tokens are not verified. */
export function learnPrincipals(
  exchanges: Iterable<Exchange>,
  given: Readonly<Record<string, ObservedPrincipal>>,
): ReadonlyMap<string, ObservedPrincipal> {
  const known = new Map(Object.entries(given));
  for (const exchange of exchanges) {
    const name = callerName(exchange);
    const claims = name === undefined || name === ANONYMOUS_CALLER ? undefined : claimsOf(exchange);
    if (name === undefined || !claims) continue;
    const before = known.get(name) ?? { ids: [] };
    const sub = text(claims['sub']);
    const tenant =
      before.tenant ??
      ['tenant', 'tenant_id', 'tid', 'org', 'org_id'].map((claim) => text(claims[claim])).find(Boolean);
    known.set(name, { ...before, ids: sub && !before.ids.includes(sub) ? [...before.ids, sub] : before.ids, tenant });
  }
  return known;
}

function claimsOf({ request }: Exchange): Record<string, unknown> | undefined {
  const value = request.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  const payload = /^bearer +[\w-]+\.([\w-]+)\.[\w-]*$/i.exec(value)?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return claims !== null && typeof claims === 'object' ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

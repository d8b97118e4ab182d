import type { Exchange } from '@leakproof/core';

export const ANONYMOUS_CALLER = 'anonymous';

/** The name of a caller: its identity, or its fingerprint; undefined if the caller is unknown. */
export function callerName({ caller }: Exchange): string | undefined {
  if (caller.auth === 'anonymous') return ANONYMOUS_CALLER;
  return (
    caller.identity ?? (caller.fingerprint === undefined ? undefined : `caller-${caller.fingerprint.slice(0, 12)}`)
  );
}

/** A bearer token that is a JWT (RFC 7519). Not verified. */
export interface BearerToken {
  readonly algorithm: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

export function bearerToken({ request }: Exchange): BearerToken | undefined {
  const value = request.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  const [, head, payload] = /^bearer +([\w-]+)\.([\w-]+)\.[\w-]*$/i.exec(value) ?? [];
  const claims = recordIn(payload);
  if (!claims) return undefined;
  const algorithm = recordIn(head)?.['alg'];
  return { algorithm: typeof algorithm === 'string' ? algorithm : undefined, claims };
}

function recordIn(part: string | undefined): Record<string, unknown> | undefined {
  if (part === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An id as text; undefined for anything that is none. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value.length > 200 ? undefined : value;
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

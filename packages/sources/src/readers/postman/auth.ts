import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';

/** What an `auth` object puts into a request. */
export interface AuthParts {
  readonly headers: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  /** True for a kind that only a running Postman can compute (AWS signature, digest, OAuth 1, …). */
  readonly unsupported: boolean;
}

const NOTHING: AuthParts = { headers: [], query: [], unsupported: false };
const UNSUPPORTED: AuthParts = { headers: [], query: [], unsupported: true };

/** The nearest `auth` counts: a request's own, else that of its folders from the inside out, else the collection's. */
export function nearestAuth(chain: readonly unknown[]): JsonObject | undefined {
  return chain.findLast(isObject);
}

/** Headers and query of an `auth` object; `fill` puts variables in. */
export function authParts(auth: JsonObject | undefined, fill: (text: string) => string): AuthParts {
  if (auth === undefined || typeof auth.type !== 'string') return NOTHING;
  const settings = settingsOf(auth[auth.type]);
  const value = (name: string): string => fill(settings.get(name) ?? '');
  switch (auth.type) {
    case 'noauth':
      return NOTHING;
    case 'bearer':
      return header('authorization', `Bearer ${value('token')}`);
    case 'basic':
      return header(
        'authorization',
        `Basic ${Buffer.from(`${value('username')}:${value('password')}`).toString('base64')}`,
      );
    case 'apikey': {
      const pair = [value('key') || 'X-API-Key', value('value')] as const;
      return settings.get('in') === 'query' ? { ...NOTHING, query: [pair] } : header(pair[0].toLowerCase(), pair[1]);
    }
    case 'oauth2': {
      if (!settings.has('accessToken')) return UNSUPPORTED;
      if (settings.get('addTokenTo') === 'queryParams')
        return { ...NOTHING, query: [['access_token', value('accessToken')]] };
      return header('authorization', `${settings.get('headerPrefix')?.trim() || 'Bearer'} ${value('accessToken')}`);
    }
    default:
      return UNSUPPORTED;
  }
}

function header(name: string, value: string): AuthParts {
  return { headers: [[name, value]], query: [], unsupported: false };
}

/** v2.1 lists settings as `{key, value}`, v2.0 as an object. */
function settingsOf(settings: unknown): ReadonlyMap<string, string> {
  const pairs: [string, string][] = [];
  for (const setting of listOf(settings)) {
    const value = isObject(setting) ? textOf(setting.value) : undefined;
    if (isObject(setting) && typeof setting.key === 'string' && value !== undefined) pairs.push([setting.key, value]);
  }
  if (isObject(settings)) {
    for (const [key, value] of Object.entries(settings)) {
      const text = textOf(value);
      if (text !== undefined) pairs.push([key, text]);
    }
  }
  return new Map(pairs);
}

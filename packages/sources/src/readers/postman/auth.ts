import { isObject, listOf, textOf, type JsonObject } from '../../reading/json/json-shape.ts';

/** What an `auth` object adds to a request. */
export interface AuthParts {
  readonly headers: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  /** True for a kind that only Postman can compute, when it sends the request (AWS signature, digest, OAuth 1, …). */
  readonly unsupported: boolean;
}

const NOTHING: AuthParts = { headers: [], query: [], unsupported: false };
const UNSUPPORTED: AuthParts = { headers: [], query: [], unsupported: true };

/** The `auth` that applies: that of the request, else of the innermost folder that has one, else of the collection. */
export function nearestAuth(chain: readonly unknown[]): JsonObject | undefined {
  return chain.findLast(isObject);
}

/** `fill` replaces variables. */
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

/** Settings are a list of `{key, value}` in v2.1, an object in v2.0. */
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

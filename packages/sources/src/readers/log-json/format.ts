import {
  present,
  requestLine,
  statusOf,
  type LogFormat,
  type LogLine,
  type LogRecord,
} from '../../reading/access-log/log-format.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../reading/json/json-shape.ts';
import { anyTimeMs } from '../../reading/access-log/log-time.ts';
import { ROLE_OF_NAME, type Role } from './field-names.ts';

/** One JSON object per line, with fields recognised by the names that servers and proxies use. */
export const jsonFormat: LogFormat = { id: 'log-json', start: () => parseJsonLine };

type Roles = Partial<Record<Role, unknown>>;

interface Collected {
  readonly roles: Roles;
  readonly headers: [string, string][];
}

function parseJsonLine(line: string): LogLine {
  if (!line.trimStart().startsWith('{')) return undefined;
  const value = parseJson(line);
  if (!isObject(value)) return undefined;
  const collected: Collected = { roles: {}, headers: [] };
  collect(value, '', collected);
  const { roles, headers } = collected;
  const request = requestOf(roles);
  if (request === undefined) return 'no-request';
  const query = present(textOf(roles.query));
  const target =
    query === undefined || request.target.includes('?')
      ? request.target
      : `${request.target}?${query.replace(/^\?/, '')}`;
  return {
    method: request.method,
    target,
    scheme: schemeOf(roles),
    authority: present(textOf(roles.authority)),
    headers,
    status: statusOf(textOf(roles.status)),
    timeMs: anyTimeMs(roles.time),
    user: present(textOf(roles.user)),
  };
}

function requestOf(roles: Roles): Pick<LogRecord, 'method' | 'target'> | undefined {
  const whole = present(textOf(roles.requestLine));
  const cut = whole === undefined ? undefined : requestLine(whole);
  const method = present(textOf(roles.method)) ?? cut?.method;
  const target = present(textOf(roles.target)) ?? present(textOf(roles.path)) ?? cut?.target;
  return method === undefined || target === undefined ? undefined : { method, target };
}

function schemeOf({ scheme }: Roles): 'http' | 'https' | undefined {
  const text = textOf(scheme)?.toLowerCase();
  return text === 'https' || text === 'on' || text === '443' ? 'https' : text === 'http' ? 'http' : undefined;
}

/** Collects from nested objects too (Caddy's `request`, GCP's `httpRequest`, ECS), to three levels; the first name of a role counts. */
function collect(object: JsonObject, prefix: string, into: Collected): void {
  const { roles, headers } = into;
  for (const name in object) {
    const value = object[name];
    if (typeof value === 'object' && value !== null) {
      if (!isObject(value) || prefix.split('.').length > 3) continue;
      if (/^(?:request_?)?headers$/i.test(name)) collectHeaders(value, headers);
      else collect(value, `${prefix}${name.toLowerCase()}.`, into);
      continue;
    }
    const role = roleOf(name, prefix);
    if (role === undefined) continue;
    if (role.startsWith('header:')) pushHeader(headers, role.slice(7), value);
    else if (present(textOf(value)) !== undefined) roles[role as Role] ??= value;
  }
}

/** Roles by prefixed name, since every line has the same names; empty text for none. */
const ROLE_CACHE = new Map<string, string>();

function roleOf(name: string, prefix: string): string | undefined {
  const key = prefix === '' ? name : prefix + name;
  let role = ROLE_CACHE.get(key);
  if (role === undefined) {
    role = findRole(name, prefix) ?? '';
    if (ROLE_CACHE.size > 4096) ROLE_CACHE.clear();
    ROLE_CACHE.set(key, role);
  }
  return role === '' ? undefined : role;
}

function findRole(name: string, prefix: string): string | undefined {
  const direct = prefix === '' ? ROLE_OF_NAME.get(name) : undefined;
  if (direct !== undefined) return direct;
  const full = `${prefix}${name}`.toLowerCase().replaceAll('-', '_');
  return ROLE_OF_NAME.get(full) ?? ROLE_OF_NAME.get(full.slice(full.lastIndexOf('.') + 1));
}

function collectHeaders(object: JsonObject, headers: [string, string][]): void {
  for (const [name, value] of Object.entries(object)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      pushHeader(headers, name.toLowerCase(), one);
  }
}

function pushHeader(headers: [string, string][], name: string, value: unknown): void {
  const text = present(textOf(value));
  if (text !== undefined) headers.push([name, text]);
}

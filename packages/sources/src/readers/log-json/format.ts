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

/** One JSON object a line, its fields known by the names that servers and proxies give them. */
export const jsonFormat: LogFormat = { id: 'log-json', start: () => parseJsonLine };

type Roles = Partial<Record<Role, unknown>>;

function parseJsonLine(line: string): LogLine {
  if (!line.trimStart().startsWith('{')) return undefined;
  const value = parseJson(line);
  if (!isObject(value)) return undefined;
  const roles: Roles = {};
  const headers: [string, string][] = [];
  collect(value, '', roles, headers);
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

/** Nested objects (Caddy's `request`, GCP's `httpRequest`, ECS) are looked into, three levels at most; the first name wins. */
function collect(object: JsonObject, prefix: string, roles: Roles, headers: [string, string][]): void {
  for (const name in object) {
    const value = object[name];
    if (typeof value === 'object' && value !== null) {
      if (!isObject(value) || prefix.split('.').length > 3) continue;
      if (/^(?:request_?)?headers$/i.test(name)) collectHeaders(value, headers);
      else collect(value, `${prefix}${name.toLowerCase()}.`, roles, headers);
      continue;
    }
    const role = roleOf(name, prefix);
    if (role === undefined) continue;
    if (role.startsWith('header:')) pushHeader(headers, role.slice(7), value);
    else if (present(textOf(value)) !== undefined) roles[role as Role] ??= value;
  }
}

const KNOWN = new Map<string, string>();

/** Every line has the same names: each is looked up once. */
function roleOf(name: string, prefix: string): string | undefined {
  const key = prefix === '' ? name : prefix + name;
  let role = KNOWN.get(key);
  if (role === undefined) {
    role = findRole(name, prefix) ?? '';
    if (KNOWN.size > 4096) KNOWN.clear();
    KNOWN.set(key, role);
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

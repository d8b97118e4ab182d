import { isIP } from 'node:net';
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
import { type FieldName, fieldName, type Role } from './field-names.ts';
import { withJsonEscapes } from './json-escapes.ts';

/** One JSON object per line, with fields recognised by the names that servers and proxies use. */
export const jsonFormat: LogFormat = { id: 'log-json', start: () => parseJsonLine };

type Roles = Partial<Record<Role, RankedValue>>;

interface RankedValue {
  readonly value: unknown;
  readonly rank: number;
}

interface Collected {
  readonly roles: Roles;
  readonly headers: [string, string][];
}

function parseJsonLine(line: string): LogLine {
  if (!line.trimStart().startsWith('{')) return undefined;
  const value = parseJson(line) ?? parseJson(withJsonEscapes(line));
  if (!isObject(value)) return undefined;
  const collected: Collected = { roles: {}, headers: [] };
  collect(value, '', collected);
  const { roles, headers } = collected;
  const request = requestOf(roles);
  if (typeof request !== 'object') return request;
  const query = roleText(roles.query);
  const target =
    query === undefined || request.target.includes('?')
      ? request.target
      : `${request.target}?${query.replace(/^\?/, '')}`;
  return {
    method: request.method,
    target,
    scheme: schemeOf(roles),
    authority: headers.find(([name]) => name === 'host')?.[1] ?? roleText(roles.authority),
    headers,
    status: statusOf(roleText(roles.status)),
    timeMs: anyTimeMs(roles.time?.value),
    user: roleText(roles.user),
  };
}

/** The request of a line. A line with half of one is unreadable; one with no part of it records something else. */
function requestOf(roles: Roles): Pick<LogRecord, 'method' | 'target'> | 'no-request' | undefined {
  const whole = roleText(roles.requestLine);
  const cut = whole === undefined ? undefined : requestLine(whole);
  const method = roleText(roles.method) ?? cut?.method;
  const target = roleText(roles.target) ?? cut?.target ?? roleText(roles.rewritten) ?? roleText(roles.path);
  if (method !== undefined && target !== undefined) return { method, target };
  return method !== undefined || /^(?:https?:\/)?\//.test(target ?? '') ? undefined : 'no-request';
}

const roleText = (field: RankedValue | undefined): string | undefined => present(textOf(field?.value));

function schemeOf({ scheme }: Roles): 'http' | 'https' | undefined {
  const text = roleText(scheme)?.toLowerCase();
  return text === 'https' || text === 'on' || text === '443' ? 'https' : text === 'http' ? 'http' : undefined;
}

/** Collects from nested objects too (Caddy's `request`, GCP's `httpRequest`, ECS), to three levels; the name of the lowest rank counts. */
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
    const field = knownField(name, prefix);
    if (field === undefined) continue;
    if (field.role.startsWith('header:')) pushHeader(headers, field.role.slice(7), value);
    else if (present(textOf(value)) !== undefined) {
      const role = field.role as Role;
      const rank = field.rank + (role === 'authority' && isMachineAddress(field, value) ? BEHIND_NAMES : 0);
      if (rank < (roles[role]?.rank ?? Infinity)) roles[role] = { value, rank };
    }
  }
}

const BEHIND_NAMES = 1000;

/** An IP address is more likely that of the server than its name; unless it is what the client sent as Host. */
function isMachineAddress({ rank }: FieldName, value: unknown): boolean {
  return rank > 0 && isIP((textOf(value) ?? '').replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2')) !== 0;
}

/** Known names by prefixed name, since every line has the same names. */
const FIELD_CACHE = new Map<string, FieldName | undefined>();

function knownField(name: string, prefix: string): FieldName | undefined {
  const key = prefix === '' ? name : prefix + name;
  const cached = FIELD_CACHE.get(key);
  if (cached !== undefined || FIELD_CACHE.has(key)) return cached;
  if (FIELD_CACHE.size > 4096) FIELD_CACHE.clear();
  const field = fieldName(name, prefix);
  FIELD_CACHE.set(key, field);
  return field;
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

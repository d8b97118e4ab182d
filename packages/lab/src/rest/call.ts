import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts } from '../auth/accounts.ts';
import type { RequestContext, Authorizer } from '../server/authorizer.ts';
import type { Member } from '../store/member.ts';
import type { Tree } from './render.ts';

/** One request to a REST operation, parsed. */
export interface Call extends RequestContext {
  readonly accounts: Accounts;
  readonly jwks: unknown;
  readonly authorizer: Authorizer;
  readonly headers: IncomingHttpHeaders;
  readonly path: Readonly<Record<string, string>>;
  /** A query parameter, or null if it is absent. */
  queryParameter(name: string): string | null;
  readonly body: unknown;
}

/** A response with a status or headers of its own; any other result of a handler is sent as JSON with status 200. */
export class Reply {
  readonly status: number;
  readonly tree: Tree;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, tree: Tree, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.tree = tree;
    this.headers = headers;
  }
}

/** Computes the response of one operation, before authorization. `undefined` is a 404. */
export type Handler = (call: Call) => Tree | Reply | Promise<Tree | Reply>;

export const refuse = (status: number, code: string, message: string): Reply =>
  new Reply(status, { status, error_code: code, message });

/** The properties of a JSON body; empty if it is not an object. */
export const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};

/** One string property of a JSON body. */
export function textOf(body: unknown, name: string): string | undefined {
  const value = fieldsOf(body)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A whole number in the query, at most `max`; `fallback` if it is absent or invalid. */
export function numberOf(
  call: Call,
  name: string,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  const value = Number(call.queryParameter(name) ?? fallback);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, max) : fallback;
}

const MAX_LIMIT = 100;
const MAX_PAGE = 1_000_000;

/** Limit, page and offset that the query asks for. */
export function pageOf(call: Call): { readonly limit: number; readonly page: number; readonly offset: number } {
  const limit = Math.max(1, numberOf(call, 'limit', { fallback: 20, max: MAX_LIMIT }));
  const page = numberOf(call, 'page', { fallback: 0, max: MAX_PAGE });
  return { limit, page, offset: page * limit };
}

/** The member named in the path, by id or username. */
export const memberInPath = ({ store, region, path }: Call): Member | undefined =>
  store.memberByName(region, path['id'] ?? '');

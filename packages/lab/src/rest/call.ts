import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts } from '../auth/accounts.ts';
import type { Asking, Gate } from '../server/gate.ts';
import type { Member } from '../store/member.ts';
import type { Tree } from './render.ts';

/** One request to a REST operation, taken apart. */
export interface Call extends Asking {
  readonly accounts: Accounts;
  readonly jwks: unknown;
  readonly gate: Gate;
  readonly headers: IncomingHttpHeaders;
  readonly path: Readonly<Record<string, string>>;
  /** A parameter of the query; null when it is not there. */
  argument(name: string): string | null;
  readonly body: unknown;
}

/** An answer with a status or headers of its own; anything else is a 200 in JSON. */
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

/** Fetches the answer of one operation, before any gate. `undefined` is a 404. */
export type Answer = (call: Call) => Tree | Reply | Promise<Tree | Reply>;

export const refuse = (status: number, code: string, message: string): Reply =>
  new Reply(status, { status, error_code: code, message });

/** The fields of a JSON body; none where it is not an object. */
export const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};

/** One string of a JSON body; undefined where the body has none. */
export function textOf(body: unknown, name: string): string | undefined {
  const value = fieldsOf(body)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A whole number of the query within bounds, or `otherwise`. */
export function numberOf(call: Call, name: string, otherwise: number, max: number): number {
  const value = Number(call.argument(name) ?? otherwise);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, max) : otherwise;
}

const MAX_LIMIT = 100;
const MAX_PAGE = 1_000_000;

/** Limit, page and offset of a list, as the query asks. */
export function pageOf(call: Call): { readonly limit: number; readonly page: number; readonly offset: number } {
  const limit = Math.max(1, numberOf(call, 'limit', 20, MAX_LIMIT));
  const page = numberOf(call, 'page', 0, MAX_PAGE);
  return { limit, page, offset: page * limit };
}

/** The member whom the path names, by id or by username. */
export const memberAsked = ({ store, region, path }: Call): Member | undefined =>
  store.memberByName(region, path['id'] ?? '');

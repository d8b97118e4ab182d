import type { Accounts } from '../auth/accounts.ts';
import type { Asking } from '../server/gate.ts';
import type { Tree } from './render.ts';

/** One request to a REST operation, taken apart. */
export interface Call extends Asking {
  readonly accounts: Accounts;
  readonly jwks: unknown;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
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

/** One string of a JSON body; undefined where the body has none. */
export function textOf(body: unknown, name: string): string | undefined {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A whole number of the query within bounds, or `otherwise`. */
export function numberOf(query: URLSearchParams, name: string, otherwise: number, max: number): number {
  const value = Number(query.get(name) ?? otherwise);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, max) : otherwise;
}

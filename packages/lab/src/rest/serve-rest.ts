import { gateAt } from '../server/gate.ts';
import type { Reception } from '../server/reception.ts';
import { type Answered, json, text } from '../server/answered.ts';
import type { Call } from './call.ts';
import { Reply } from './call.ts';
import { render } from './render.ts';
import { routeOf } from './route.ts';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'NOT_AUTHENTICATED',
  404: 'NOT_FOUND',
};
const refusal = (status: 400 | 401 | 404): Answered => json(status, { status, error_code: REFUSALS[status] });

/** Answers one REST request: finds the door, asks its gate, fetches the answer, writes what the gate releases. */
export async function serveRest({ asking, accounts, jwks, method, url, body }: Reception): Promise<Answered> {
  const route = routeOf(method, url.pathname);
  if (route === undefined) return refusal(404);
  const gate = gateAt(route.door, asking);
  if (gate.refusesCaller) return refusal(401);
  const parsed = parseBody(body);
  if (parsed === MALFORMED) return refusal(400);
  const call: Call = { ...asking, accounts, jwks, path: route.path, query: url.searchParams, body: parsed };
  const answer = await route.answer(call);
  const { status, tree, headers } = answer instanceof Reply ? answer : new Reply(200, answer);
  const rendered = render(tree, gate);
  if (rendered === undefined) return refusal(404);
  if (typeof rendered === 'string') return text(status, rendered, headers);
  return json(status, rendered, headers);
}

const MALFORMED = Symbol('malformed');

function parseBody(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return MALFORMED;
  }
}

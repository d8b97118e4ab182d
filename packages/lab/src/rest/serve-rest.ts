import { gateAt } from '../server/gate.ts';
import type { Posture } from '../rules/posture.ts';
import type { Door } from '../surface/door.ts';
import type { Reception } from '../server/reception.ts';
import { type Answered, json, text } from '../server/answered.ts';
import { type Call, Reply } from './call.ts';
import { render } from './render.ts';
import { routeOf } from './route.ts';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'NOT_AUTHENTICATED',
  404: 'NOT_FOUND',
};
const refusal = (status: 400 | 401 | 404): Answered => json(status, { status, error_code: REFUSALS[status] });

/** Answers one REST request: finds the door, asks its gate, fetches the answer, writes what the gate releases. */
export async function serveRest({ asking, accounts, jwks, headers, method, url, body }: Reception): Promise<Answered> {
  const route = routeOf(method, url.pathname);
  if (route === undefined) return refusal(404);
  const gate = gateAt(route.door, asking);
  if (gate.refusesCaller) return refusal(401);
  const unknown = undeclaredIn(route.door, url);
  if (unknown !== undefined) {
    return json(400, {
      status: 400,
      error_code: 'UNKNOWN_ARGUMENT',
      message: `${route.door.operation} takes no ${unknown}`,
    });
  }
  const parsed = parseBody(body);
  if (parsed === MALFORMED) return refusal(400);
  const call: Call = {
    ...gate.asking,
    accounts,
    jwks,
    gate,
    headers,
    path: route.path,
    body: parsed,
    argument: (name) => argumentOf(route.door, url, name),
  };
  const answer = await route.answer(call);
  const reply = answer instanceof Reply ? answer : new Reply(200, answer);
  const { status } = reply;
  const rendered = render(reply.tree, gate);
  if (rendered === undefined) return refusal(404);
  if (typeof rendered === 'string') return text(status, rendered, reply.headers);
  return json(status, rendered, { ...CACHED[gate.posture.cache], ...reply.headers });
}

/** The first parameter of the query that the door does not declare; the graph's gateways refuse theirs in the same way. */
const undeclaredIn = ({ takes = [] }: Door, url: URL): string | undefined =>
  [...url.searchParams.keys()].find((name) => !takes.includes(name));

/** A parameter of the query; an answer may ask only for what its door declares. */
function argumentOf({ operation, takes = [] }: Door, url: URL, name: string): string | null {
  if (!takes.includes(name)) throw new Error(`${operation} does not declare ${name}`);
  return url.searchParams.get(name);
}

/** What a shared cache says of itself. */
const CACHED: Readonly<Record<Posture['cache'], Readonly<Record<string, string>>>> = {
  keyed: {},
  shared: { 'x-cache': 'HIT', age: '12' },
};

const MALFORMED = Symbol('malformed');

function parseBody(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return MALFORMED;
  }
}

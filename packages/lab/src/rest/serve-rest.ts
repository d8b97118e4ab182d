import { authorizerFor } from '../server/authorizer.ts';
import type { Posture } from '../rules/posture.ts';
import type { Operation } from '../surface/operation.ts';
import type { ReceivedRequest } from '../server/received-request.ts';
import { type HttpResponse, json, text } from '../server/http-response.ts';
import { type Call, Reply } from './call.ts';
import { render } from './render.ts';
import { routeOf } from './route.ts';

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'NOT_AUTHENTICATED',
  404: 'NOT_FOUND',
};
const refusal = (status: 400 | 401 | 404): HttpResponse => json(status, { status, error_code: REFUSALS[status] });

/** Answers one REST request: finds its operation, checks the caller, runs the handler, writes what is released. */
export async function serveRest({
  context,
  accounts,
  jwks,
  headers,
  method,
  url,
  body,
}: ReceivedRequest): Promise<HttpResponse> {
  const route = routeOf(method, url.pathname);
  if (route === undefined) return refusal(404);
  const authorizer = authorizerFor(route.operation, context);
  if (authorizer.refusesCaller) return refusal(401);
  const unknown = undeclaredIn(route.operation, url);
  if (unknown !== undefined) {
    return json(400, {
      status: 400,
      error_code: 'UNKNOWN_ARGUMENT',
      message: `${route.operation.name} takes no ${unknown}`,
    });
  }
  const parsed = parseBody(body);
  if (parsed === MALFORMED) return refusal(400);
  const call: Call = {
    ...authorizer.context,
    accounts,
    jwks,
    authorizer,
    headers,
    path: route.path,
    body: parsed,
    queryParameter: (name) => queryParameterOf(route.operation, url, name),
  };
  const answer = await route.handler(call);
  const reply = answer instanceof Reply ? answer : new Reply(200, answer);
  const { status } = reply;
  const rendered = render(reply.tree, authorizer);
  if (rendered === undefined) return refusal(404);
  if (typeof rendered === 'string') return text(status, rendered, reply.headers);
  return json(status, rendered, { ...CACHED[authorizer.posture.cache], ...reply.headers });
}

/** The first query parameter that the operation does not declare. (GraphQL rejects unknown arguments by its schema.) */
const undeclaredIn = ({ queryParameters = [] }: Operation, url: URL): string | undefined =>
  [...url.searchParams.keys()].find((name) => !queryParameters.includes(name));

/** A query parameter; a handler may read only those that its operation declares. */
function queryParameterOf({ name: operation, queryParameters = [] }: Operation, url: URL, name: string): string | null {
  if (!queryParameters.includes(name)) throw new Error(`${operation} does not declare ${name}`);
  return url.searchParams.get(name);
}

/** Headers that a shared cache adds. */
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

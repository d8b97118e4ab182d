import { type CodeEntry, ERROR_CODES, isLeakproofError, LeakproofError } from '@leakproof/core';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Budget, budgetKey } from '../intake/budget.ts';
import { INTAKE_LIMITS } from '../intake/limits.ts';
import { html } from '@leakproof/html';
import { page, STYLE } from './page.ts';

/** Every answer has these. No script of any kind runs, nobody frames a page, and nothing is kept in a cache. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
} as const;

export interface ServerOptions {
  readonly name: string;
  /** For requests that read, and for those that write. */
  readonly budgets: { readonly read: Budget; readonly write: Budget };
  /** The public origin: forms of its pages are taken, also where a proxy changes `Host`. */
  readonly origin: string;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly onInternalError: (error: unknown) => void;
}

const STATUS: Readonly<Partial<Record<string, number>>> = {
  'LP-DESK-INPUT-INVALID': 422,
  'LP-DESK-TOO-LARGE': 413,
  'LP-DESK-BUDGET': 429,
  'LP-DESK-CASE-UNKNOWN': 404,
  'LP-DESK-REFUSED': 409,
  'LP-DESK-UNAUTHENTICATED': 401,
  'LP-ADVISORY-INCOMPLETE': 422,
  'LP-FILE-UNREADABLE': 409,
  'LP-STORE-UNAVAILABLE': 503,
};

/** A server with the common rules: budgets before a body is read, headers, no foreign forms, errors with codes. */
export function createServer({
  name,
  budgets,
  origin,
  trustedProxies,
  onInternalError,
}: ServerOptions): FastifyInstance {
  const server = Fastify({
    bodyLimit: INTAKE_LIMITS.bodyBytes * 2,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 10_000,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
  });
  server.removeContentTypeParser('text/plain');
  // Forms are read by their handlers.
  for (const type of ['multipart/form-data', 'application/x-www-form-urlencoded'])
    server.addContentTypeParser(type, (_request, _payload, done) => done(null));
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    const seconds = (isWrite ? budgets.write : budgets.read).take(budgetKey(request.ip));
    if (seconds !== undefined) {
      reply.headers({ 'retry-after': seconds, connection: 'close' }).type('text/plain; charset=utf-8').code(429);
      return reply.send(`LP-DESK-BUDGET: too many attempts from your network. Try again in ${seconds} seconds.\n`);
    }
    if (isWrite) refuseForeign(request, origin);
  });
  server.get('/style.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=3600').send(STYLE),
  );
  server.setNotFoundHandler(async (request, reply) =>
    sendError(request, reply, { name, status: 404, code: 'LP-DESK-CASE-UNKNOWN', detail: 'There is no such page.' }),
  );
  server.setErrorHandler(async (error, request, reply) => {
    const known = codedError(error);
    if (!known) onInternalError(error);
    const status = known?.status ?? 500;
    return sendError(request, reply, {
      name,
      status,
      code: known?.code ?? 'LP-INTERNAL',
      detail: known?.detail ?? 'Something failed here.',
    });
  });
  return server;
}

interface Problem {
  readonly name: string;
  readonly status: number;
  readonly code: keyof typeof ERROR_CODES;
  readonly detail: string;
}

/** Problem details (RFC 9457) for programs, a page for people. */
function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, status, code, detail }: Problem,
): FastifyReply {
  const { fix }: CodeEntry = ERROR_CODES[code];
  reply.code(status);
  if (status === 413) reply.header('connection', 'close');
  if (request.url.startsWith('/api/'))
    return reply
      .type('application/problem+json')
      .send({ type: `urn:leakproof:${code}`, title: ERROR_CODES[code].summary, status, detail, code });
  const body = html`<div class="error" role="alert">
      <p>${detail}</p>
      <p>${fix}</p>
      <p>${code}</p>
    </div>
    <p><a href="/">Back to the start</a></p>`;
  return reply.type('text/html; charset=utf-8').send(page('That did not work', body, { name }));
}

function codedError(
  error: unknown,
): { readonly code: keyof typeof ERROR_CODES; readonly detail: string; readonly status: number } | undefined {
  if (isLeakproofError(error)) {
    const status = STATUS[error.code];
    return status === undefined ? undefined : { code: error.code, detail: error.message, status };
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return { code: 'LP-DESK-TOO-LARGE', detail: 'The request is larger than the limit.', status };
  // Fastify's own refusals of a body it cannot read.
  if (status >= 400 && status < 500)
    return { code: 'LP-DESK-INPUT-INVALID', detail: 'The request cannot be read.', status };
  return undefined;
}

/** Forms of other sites are refused; requests of programs have no such headers. */
function refuseForeign({ headers, host }: FastifyRequest, own: string): void {
  const { origin, 'sec-fetch-site': site } = headers;
  const isForeign = origin !== undefined && origin !== own && (!URL.canParse(origin) || new URL(origin).host !== host);
  if (isForeign || site === 'cross-site' || site === 'same-site')
    throw new LeakproofError('LP-DESK-REFUSED', 'The form was sent from another site.');
}

/** The value of a cookie; undefined also for an empty one, which is how a cookie is removed. */
export function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((each) => each.trim());
  const found = pairs.find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1) || undefined;
}

/** A cookie for one realm. */
export function setCookie(
  reply: FastifyReply,
  pair: string,
  { isSecure, maxAgeS }: { readonly isSecure: boolean; readonly maxAgeS: number },
): void {
  reply.header(
    'set-cookie',
    `${pair}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${isSecure ? '; Secure' : ''}`,
  );
}

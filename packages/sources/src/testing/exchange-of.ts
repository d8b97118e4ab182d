import type { Caller, Exchange, Headers } from '@leakproof/core';

/** The parts of an exchange that a test sets. */
export interface TestExchange {
  readonly origin?: string;
  readonly headers?: Headers;
  readonly send?: unknown;
  readonly status?: number;
  /** Undefined: the response has no body. */
  readonly answer?: unknown;
  readonly type?: string;
  readonly caller?: Caller;
  readonly at?: string;
}

/** An exchange for a test. `line`: `GET /users/7`. */
export function exchangeOf(line: string, parts: TestExchange = {}): Exchange {
  const [method = 'GET', target = '/'] = line.split(' ');
  const [scheme = 'http', authority = 'api.test'] = (parts.origin ?? 'http://api.test').split('://');
  const bytes = (value: unknown): Uint8Array | undefined =>
    value === undefined ? undefined : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const json: Headers = [['content-type', 'application/json']];
  return {
    request: {
      method,
      scheme: scheme === 'https' ? 'https' : 'http',
      authority,
      target,
      headers: [...(parts.headers ?? []), ...(parts.send === undefined ? [] : json)],
      body: bytes(parts.send),
    },
    response: {
      status: parts.status ?? 200,
      headers: parts.answer === undefined ? [] : [['content-type', parts.type ?? 'application/json']],
      body: bytes(parts.answer),
    },
    caller: parts.caller ?? { auth: 'unknown' },
    provenance: { reader: 'test', file: 'test.har', at: parts.at ?? '1' },
  };
}

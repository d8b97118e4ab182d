import type { Exchange, Headers, WireResponse } from '@leakproof/core';
import { callerOf, type Fingerprint, type WithoutCredential } from './caller.ts';
import { basicOfUserinfo, cutUrl, normalMethod, originForm, type RequestUrl } from './request-url.ts';
import type { RejectCode } from './reject-codes.ts';

/** What a reader found of one exchange, before it is an `Exchange`. */
export interface ExchangeParts {
  readonly method: unknown;
  /** Absolute; or a path alone, and then the authority is empty: unknown. */
  readonly url: string;
  readonly headers: Headers;
  readonly body?: Uint8Array | undefined;
  readonly response?: WireResponse | undefined;
  readonly timeMs?: number | undefined;
  readonly at: string;
}

/** What holds for all exchanges of one source. */
export interface SourceFacts {
  readonly reader: string;
  readonly file: string;
  readonly fingerprint: Fingerprint;
  readonly without: WithoutCredential;
  readonly identity?: string | undefined;
}

/** Puts an exchange together, or says why it is none. */
export function composeExchange(parts: ExchangeParts, facts: SourceFacts): Exchange | RejectCode {
  const method = normalMethod(parts.method);
  if (method === undefined) return 'method-invalid';
  const url = parts.url.startsWith('/') ? placeless(parts.url) : cutUrl(parts.url);
  if (typeof url === 'string') return url;
  const { scheme, authority, target, userinfo } = url;
  const headers =
    userinfo === undefined || parts.headers.some(([name]) => name === 'authorization')
      ? parts.headers
      : [...parts.headers, ['authorization', basicOfUserinfo(userinfo)] as const];
  return {
    request: { method, scheme, authority, target, headers, ...(parts.body === undefined ? {} : { body: parts.body }) },
    ...(parts.response === undefined ? {} : { response: parts.response }),
    caller: callerOf({ headers, target, without: facts.without, identity: facts.identity }, facts.fingerprint),
    ...(parts.timeMs === undefined ? {} : { time: parts.timeMs }),
    provenance: { reader: facts.reader, file: facts.file, at: parts.at },
  };
}

function placeless(path: string): RequestUrl {
  return { scheme: 'http', authority: '', target: originForm(path.split('#', 1)[0] ?? path) };
}

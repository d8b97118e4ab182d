import type { Exchange, Headers, WireResponse } from '@leakproof/core';
import { callerOf, type Fingerprint, type WithoutCredential } from './caller.ts';
import { basicOfUserinfo, cutUrl, normalMethod, originForm, type RequestUrl } from './request-url.ts';
import type { RejectCode } from './reject-codes.ts';

/** The parts of an exchange as a reader finds them, not validated. */
export interface ExchangeParts {
  readonly method: unknown;
  /** Absolute, or a path; then the authority is unknown (empty). */
  readonly url: string;
  readonly headers: Headers;
  readonly body?: Uint8Array | undefined;
  readonly response?: WireResponse | undefined;
  readonly timeMs?: number | undefined;
  readonly at: string;
}

/** What all exchanges of one source have in common. */
export interface SourceContext {
  readonly reader: string;
  readonly file: string;
  readonly fingerprint: Fingerprint;
  readonly without: WithoutCredential;
  readonly identity?: string | undefined;
}

/** An exchange of these parts, or the reason why it is none. */
export function composeExchange(parts: ExchangeParts, source: SourceContext): Exchange | RejectCode {
  const method = normalMethod(parts.method);
  if (method === undefined) return 'method-invalid';
  const url = parts.url.startsWith('/') ? withoutOrigin(parts.url) : cutUrl(parts.url);
  if (typeof url === 'string') return url;
  const { scheme, authority, target, userinfo } = url;
  const headers =
    userinfo === undefined || parts.headers.some(([name]) => name === 'authorization')
      ? parts.headers
      : [...parts.headers, ['authorization', basicOfUserinfo(userinfo)] as const];
  return {
    request: { method, scheme, authority, target, headers, ...(parts.body === undefined ? {} : { body: parts.body }) },
    ...(parts.response === undefined ? {} : { response: parts.response }),
    caller: callerOf({ headers, target, without: source.without, identity: source.identity }, source.fingerprint),
    ...(parts.timeMs === undefined ? {} : { time: parts.timeMs }),
    provenance: { reader: source.reader, file: source.file, at: parts.at },
  };
}

function withoutOrigin(path: string): RequestUrl {
  return { scheme: 'http', authority: '', target: originForm(path.split('#', 1)[0] ?? path) };
}

import type { Endpoint, Headers } from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';

/** A request with the credential of its caller. */
export interface SignedRequest {
  readonly template: RequestTemplate;
  readonly credential: Headers;
}

/** A credential of one identity. Contains secrets: keep it in memory. */
export interface Session {
  /** The claims of a JWT, not verified; empty for other credentials. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The request with the credential, if the credential is for this endpoint; else the request as it is. */
  sign(endpoint: Endpoint, template: RequestTemplate): SignedRequest;
  /** Learns from the headers of a response: rotated cookies. */
  received?(endpoint: Endpoint, headers: Headers): void;
}

/** A credential that is the same headers at every endpoint. */
export function headerSession(headers: Headers, claims: Readonly<Record<string, unknown>> = {}): Session {
  return { claims, sign: (_endpoint, template) => ({ template, credential: headers }) };
}

/** A parameter of the query that is sent with every request. */
export function withQuery(template: RequestTemplate, name: string, value: string): RequestTemplate {
  const { target } = template;
  const parameter = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return { ...template, target: `${target}${target.includes('?') ? '&' : '?'}${parameter}` };
}

/** The claims of a JWT, not verified; empty for anything else. */
export function claimsOf(credential: string): Readonly<Record<string, unknown>> {
  const [, payload, signature] = credential.split('.');
  if (payload === undefined || signature === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import type { Headers } from '@leakproof/core';
import { type Framing, headerValues } from '@leakproof/http';

/** Types of JSON that are registered or in common use; others could be free text in the place of a name. */
const KNOWN_TYPES = new Set(
  [
    'json',
    'activity+json',
    'feed+json',
    'fhir+json',
    'geo+json',
    'graphql-response+json',
    'hal+json',
    'jrd+json',
    'json-patch+json',
    'jwk+json',
    'jwk-set+json',
    'ld+json',
    'manifest+json',
    'merge-patch+json',
    'problem+json',
    'schema+json',
    'scim+json',
    'senml+json',
    'vnd.api+json',
    'vnd.collection+json',
    'vnd.geo+json',
    'vnd.github+json',
    'vnd.siren+json',
    'x-ndjson',
    'jsonl',
  ].map((name) => `application/${name}`),
)
  .add('text/json')
  .add('text/event-stream');

/**
 * The `Content-Type` of a response, written anew: a type that is known, or that the client named in `Accept`; else
 * `application/json`. The only parameter that is kept is the charset, which is UTF-8.
 */
export function contentTypeToClient(value: string, framing: Framing, request: Headers): string {
  if (value === 'application/json') return value;
  const [given = '', ...parameters] = value.toLowerCase().split(';');
  const type = given.trim();
  const isKnown = KNOWN_TYPES.has(type) || headerValues(request, 'accept').some((each) => namesType(each, type));
  const charset = parameters.some((each) => each.trim().startsWith('charset=')) ? '; charset=utf-8' : '';
  return `${isKnown || framing !== 'json' ? type : 'application/json'}${charset}`;
}

function namesType(accept: string, type: string): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .some((each) => (each.split(';', 1)[0] ?? '').trim() === type);
}

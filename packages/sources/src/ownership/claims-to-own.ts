import type { MatchedOperation } from '../inventory/paths/operation-matcher.ts';
import type { ExchangeRead } from '../inventory/read-exchange.ts';
import { bitsOf } from '../flow/value-bits.ts';
import type { ObjectFound } from './objects-in.ts';
import type { GradeEvidence, ObservedPrincipal } from './ownership.ts';

/** Below so many bits two ids may be equal by chance: there a property counts only if its name says who owns. */
const CHANCE_BITS = 24;
const OWNER_NAME =
  /(?:user|owner|author|creator|created_?by|account|member|customer|person|profile|sender|recipient|from|to|sub|subject|rider|patient|player|assignee)(?:[_/-]?(?:id|uuid))?$/i;

/** Identities that an object's own properties, or the path it was asked by, name as its owner (O1). */
export function* declaredOwners(
  object: ObjectFound,
  matched: MatchedOperation,
  principals: ReadonlyMap<string, ObservedPrincipal>,
): Generator<[string, GradeEvidence['because']]> {
  for (const [identity, { ids }] of principals) {
    for (const id of ids) {
      const isNamed = bitsOf(id) < CHANCE_BITS;
      if (object.id === id && (!isNamed || /user|account|member|profile|me$|person|customer/.test(object.kind)))
        yield [identity, 'is-the-principal'];
      else if (object.properties.some(([name, value]) => value === id && (!isNamed || OWNER_NAME.test(name))))
        yield [identity, 'owner-field'];
      else if (matched.path.some(([, value]) => value === id) && object.id !== id && object.place === 'element')
        yield [identity, 'path-parent'];
    }
  }
}

/** A new object in answer to a POST or PUT that did not name it: 201, or what was sent comes back in it. */
export function isCreation(read: ExchangeRead, object: ObjectFound, sent: ReadonlySet<string>): boolean {
  const { method } = read.exchange.request;
  if (object.place !== 'root' || (method !== 'POST' && method !== 'PUT') || sent.has(object.id.toLowerCase()))
    return false;
  if (read.status === 201 || read.exchange.response?.headers.some(([name]) => name === 'location')) return true;
  return object.properties.filter(([, value]) => value.length > 2 && sent.has(value.toLowerCase())).length >= 2;
}

/** The created object comes back to a read. */
export function isReadBack(read: ExchangeRead, object: ObjectFound, sent: ReadonlySet<string>): boolean {
  return (
    /^(?:GET|QUERY)$/.test(read.exchange.request.method) ||
    (sent.has(object.id.toLowerCase()) && object.operation.startsWith('Query.'))
  );
}

import type { MatchedOperation } from '../inventory/paths/operation-matcher.ts';
import type { ExchangeRead } from '../inventory/read-exchange.ts';
import { entropyBits } from '../flow/entropy-bits.ts';
import type { ObjectFound } from './objects-in.ts';
import type { GradeEvidence, ObservedPrincipal } from './ownership.ts';

/** Ids with less entropy may be equal by chance: then a property counts only if it is named like an owner. */
const CHANCE_BITS = 24;
const OWNER_NAME =
  /(?:user|owner|author|creator|created_?by|account|member|customer|person|profile|sender|recipient|from|to|sub|subject|rider|patient|player|assignee)(?:[_/-]?(?:id|uuid))?$/i;

/** Identities that properties of the object, or the path of the request, name as its owner (O1). */
export function* declaredOwners(
  object: ObjectFound,
  matched: MatchedOperation,
  principals: ReadonlyMap<string, ObservedPrincipal>,
): Generator<[string, GradeEvidence['because']]> {
  for (const [identity, { ids }] of principals) {
    for (const id of ids) {
      const needsName = entropyBits(id) < CHANCE_BITS;
      if (object.id === id && (!needsName || /user|account|member|profile|me$|person|customer/.test(object.kind)))
        yield [identity, 'is-the-principal'];
      else if (object.properties.some(([name, value]) => value === id && (!needsName || OWNER_NAME.test(name))))
        yield [identity, 'owner-field'];
      else if (matched.path.some(([, value]) => value === id) && object.id !== id && object.place === 'element')
        yield [identity, 'path-parent'];
    }
  }
}

/** True for an object in the response to a POST or PUT without its id: with 201, a Location header, or values of the request in it. */
export function isCreation(read: ExchangeRead, object: ObjectFound, sent: ReadonlySet<string>): boolean {
  const { method } = read.exchange.request;
  if (object.place !== 'root' || (method !== 'POST' && method !== 'PUT') || sent.has(object.id.toLowerCase()))
    return false;
  if (read.status === 201 || read.exchange.response?.headers.some(([name]) => name === 'location')) return true;
  return object.properties.filter(([, value]) => value.length > 2 && sent.has(value.toLowerCase())).length >= 2;
}

/** True for a read that returns the object. */
export function isReadBack(read: ExchangeRead, object: ObjectFound, sent: ReadonlySet<string>): boolean {
  return (
    /^(?:GET|QUERY)$/.test(read.exchange.request.method) ||
    (sent.has(object.id.toLowerCase()) && object.operation.startsWith('Query.'))
  );
}

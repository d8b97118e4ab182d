import { createHmac } from 'node:crypto';
import type { Exchange } from '@leakproof/core';
import { entropyBits } from '../flow/entropy-bits.ts';
import { consumedValues } from '../flow/flow-values.ts';
import type { OperationMatcher } from '../inventory/paths/operation-matcher.ts';
import { readExchange, type ExchangeRead } from '../inventory/read-exchange.ts';
import { listEnd } from './list-end.ts';
import { listKeys } from './list-keys.ts';
import { observeLists, type ListObservations } from './list-observations.ts';
import { objectsIn, type ObjectFound } from './objects-in.ts';
import { addEvidence, addReader, newObservedObject, type ObservedObject } from './observed-object.ts';
import type { ObservedPrincipal } from './ownership.ts';
import { declaredOwners, isCreation, isReadBack } from './ownership-signs.ts';
import { ANONYMOUS_CALLER, callerName } from './principals.ts';

export interface ObserveOptions {
  /** Key of the digests of object ids. */
  readonly key: Uint8Array;
  readonly operationOf: OperationMatcher;
  /** The id space of an origin. Default: each origin has its own. */
  readonly idSpaceOf?: ((origin: string) => string) | undefined;
}

export interface Observations {
  /** By digest of the id in its id space. */
  readonly objects: ReadonlyMap<string, ObservedObject>;
  readonly lists: ListObservations;
  /** Exchanges without a known caller. */
  readonly unlabelled: number;
}

/** Collects the objects and lists in exchanges that are in the order of time, with the O1 and O3 evidence for each owner. */
export function observeObjects(
  exchanges: readonly Exchange[],
  principals: ReadonlyMap<string, ObservedPrincipal>,
  options: ObserveOptions,
): Observations {
  const { operationOf, idSpaceOf = (origin: string) => origin } = options;
  const objects = new Map<string, ObservedObject>();
  const lists = observeLists();
  const digest = (text: string): string =>
    createHmac('sha256', options.key).update(text).digest('base64url').slice(0, 22);
  let unlabelled = 0;

  const observe = (exchange: Exchange, caller: string): void => {
    const read = readExchange(exchange);
    const matched = operationOf(read);
    const body = objectsIn(read, matched);
    const objectKey = (kind: string, id: string): string =>
      digest([idSpaceOf(matched.origin), entropyBits(id) >= 64 ? '' : kind, id.toLowerCase()].join('\0'));
    const keys = listKeys({ read, matched, ownIds: principals.get(caller)?.ids ?? [] }, digest);
    if (caller === ANONYMOUS_CALLER) lists.triedAnonymously(keys.requestKey);
    if (read.status < 200 || read.status >= 300) return;
    for (const list of body.lists) {
      lists.add({
        ...keys,
        caller,
        listKey: `${keys.listKey} ${list.operation} ${list.kind}`,
        operation: list.operation,
        objects: list.ids.map((id) => objectKey(list.kind, id)),
        end: listEnd(read, list),
        where: exchange.provenance,
      });
    }
    const sent = new Set([...consumedValues(read, operationOf)].map(({ value }) => value.toLowerCase()));
    for (const found of body.objects) {
      const key = objectKey(found.kind, found.id);
      const isNew = !objects.has(key);
      const object = objects.get(key) ?? newObservedObject(found);
      objects.set(key, object);
      addReader(object, { caller, found, exchange });
      for (const [owner, because] of declaredOwners(found, matched, principals)) {
        addEvidence(object, owner, { grade: 1, because, operation: found.operation, first: exchange.provenance });
      }
      noteCreation(object, { caller, isNew, read, found, sent });
    }
  };

  for (const exchange of exchanges) {
    const caller = callerName(exchange);
    if (caller === undefined) unlabelled++;
    else observe(exchange, caller);
  }
  return { objects, lists, unlabelled };
}

interface Appearance {
  readonly caller: string;
  /** True if the object was in no earlier response. */
  readonly isNew: boolean;
  readonly read: ExchangeRead;
  readonly found: ObjectFound;
  /** Values of the request, in lower case. */
  readonly sent: ReadonlySet<string>;
}

/** Remembers who created the object; O3 once it is read back by the same identity. */
function noteCreation(object: ObservedObject, { caller, isNew, read, found, sent }: Appearance): void {
  if (caller !== ANONYMOUS_CALLER && isNew && isCreation(read, found, sent)) object.createdBy = caller;
  else if (object.createdBy === caller && isReadBack(read, found, sent)) {
    addEvidence(object, caller, {
      grade: 3,
      because: 'created-and-read-back',
      operation: found.operation,
      first: read.exchange.provenance,
    });
  }
}

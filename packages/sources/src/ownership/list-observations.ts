import type { Provenance } from '@leakproof/core';
import type { ListKeys } from './list-keys.ts';
import type { MissingEvidence } from './ownership.ts';
import { ANONYMOUS_CALLER } from './principals.ts';

/** One page of a list in a response. */
interface ListPage extends ListKeys {
  readonly caller: string;
  readonly operation: string;
  /** Digests of the ids in the page. */
  readonly objects: readonly string[];
  readonly end: 'end' | 'more' | 'unknown';
  readonly where: Provenance;
}

interface ObservedList {
  readonly pages: Map<string, { readonly samples: Set<string>; times: number }>;
  readonly objects: Map<string, Provenance>;
  ended: boolean;
  readonly requestKey: string;
  readonly operation: string;
  readonly selfScoped: boolean;
}

/** The lists in responses, by list and caller. */
export interface ListObservations {
  add(page: ListPage): void;
  /** An anonymous caller sent this request, whatever the response. */
  triedAnonymously(requestKey: string): void;
  /** What the lists show of one object. */
  evidenceFor(object: string): readonly ListEvidence[];
}

/** The list of one identity that contains the object. */
export interface ListEvidence {
  readonly caller: string;
  readonly operation: string;
  readonly where: Provenance;
  /** Other identities whose own list contains it too. */
  readonly alsoIn: readonly { readonly caller: string; readonly where: Provenance }[];
  readonly missing: readonly MissingEvidence[];
}

export function observeLists(): ListObservations {
  const lists = new Map<string, Map<string, ObservedList>>();
  const holders = new Map<string, Set<string>>();
  const triedAnonymously = new Set<string>();
  return {
    triedAnonymously: (requestKey) => void triedAnonymously.add(requestKey),
    add: (page) => {
      const callers = lists.get(page.listKey) ?? new Map<string, ObservedList>();
      lists.set(page.listKey, callers);
      const { operation, selfScoped, requestKey } = page;
      const known = callers.get(page.caller) ?? {
        pages: new Map(),
        objects: new Map(),
        ended: false,
        requestKey,
        operation,
        selfScoped,
      };
      callers.set(page.caller, known);
      const seen = known.pages.get(page.page) ?? { samples: new Set<string>(), times: 0 };
      known.pages.set(page.page, seen);
      seen.times++;
      seen.samples.add(page.objects.toSorted().join(' '));
      if (page.end === 'end') known.ended = true;
      for (const object of page.objects) {
        if (!known.objects.has(object)) known.objects.set(object, page.where);
        holders.set(object, (holders.get(object) ?? new Set<string>()).add(page.listKey));
      }
    },
    evidenceFor: (object) =>
      [...(holders.get(object) ?? [])].flatMap((list) => {
        const callers = lists.get(list) ?? new Map<string, ObservedList>();
        return [...callers].flatMap(([caller, own]) => {
          const where = own.objects.get(object);
          if (caller === ANONYMOUS_CALLER || !own.selfScoped || where === undefined) return [];
          return [
            evidenceOf({ caller, own, where, callers, object, triedAnonymously: triedAnonymously.has(own.requestKey) }),
          ];
        });
      }),
  };
}

interface ListWithObject {
  readonly caller: string;
  readonly own: ObservedList;
  readonly where: Provenance;
  readonly callers: ReadonlyMap<string, ObservedList>;
  readonly object: string;
  readonly triedAnonymously: boolean;
}

function evidenceOf({ caller, own, where, callers, object, triedAnonymously }: ListWithObject): ListEvidence {
  const others = [...callers].filter(([name, list]) => name !== caller && name !== ANONYMOUS_CALLER && list.selfScoped);
  const missing: MissingEvidence[] = [];
  if (!own.ended) missing.push('list-not-exhausted');
  if (![...own.pages.values()].every(({ times, samples }) => times >= 2 && samples.size === 1))
    missing.push('list-sampled-once');
  if (!others.some(([, list]) => list.ended)) missing.push('no-other-identity');
  if (!triedAnonymously) missing.push('anonymous-not-tried');
  const alsoIn = others.flatMap(([name, list]) => {
    const there = list.objects.get(object);
    return there ? [{ caller: name, where: there }] : [];
  });
  return { caller, operation: own.operation, where, alsoIn, missing };
}

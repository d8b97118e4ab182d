import type { Provenance } from '@leakproof/core';
import type { Missing } from './ownership.ts';
import { ANONYMOUS_CALLER } from './principals.ts';

/** One page of a list that a caller was given. */
interface ListPage {
  readonly caller: string;
  /** The operation with its own parameters, paging apart; ids of the caller are written `self`. */
  readonly list: string;
  /** The request without regard to whose ids are in it: an anonymous call of the same is a try. */
  readonly literal: string;
  readonly operation: string;
  /** True if every id in the request is one of the caller's own. */
  readonly selfScoped: boolean;
  readonly page: string;
  readonly objects: readonly string[];
  readonly end: 'end' | 'more' | 'unknown';
  readonly where: Provenance;
}

interface Enumeration {
  readonly pages: Map<string, { readonly samples: Set<string>; times: number }>;
  readonly objects: Map<string, Provenance>;
  ended: boolean;
  readonly literal: string;
  readonly operation: string;
  readonly selfScoped: boolean;
}

/** Lists by what they ask for and by caller. */
export interface Enumerations {
  add(page: ListPage): void;
  /** An anonymous caller made this request, whatever the answer. */
  tried(literal: string): void;
  /** What the lists say of one object. */
  verdicts(object: string): readonly Enumerated[];
}

/** One identity's own list that holds the object. */
interface Enumerated {
  readonly caller: string;
  readonly operation: string;
  readonly where: Provenance;
  /** Other identities whose own list holds it as well. */
  readonly alsoIn: readonly { readonly caller: string; readonly where: Provenance }[];
  readonly missing: readonly Missing[];
}

export function enumerations(): Enumerations {
  const lists = new Map<string, Map<string, Enumeration>>();
  const holders = new Map<string, Set<string>>();
  const anonymousTried = new Set<string>();
  return {
    tried: (literal) => void anonymousTried.add(literal),
    add: (page) => {
      const callers = lists.get(page.list) ?? new Map<string, Enumeration>();
      lists.set(page.list, callers);
      const { operation, selfScoped, literal } = page;
      const known = callers.get(page.caller) ?? {
        pages: new Map(),
        objects: new Map(),
        ended: false,
        literal,
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
        holders.set(object, (holders.get(object) ?? new Set<string>()).add(page.list));
      }
    },
    verdicts: (object) =>
      [...(holders.get(object) ?? [])].flatMap((list) => {
        const callers = lists.get(list) ?? new Map<string, Enumeration>();
        return [...callers].flatMap(([caller, own]) => {
          const where = own.objects.get(object);
          if (caller === ANONYMOUS_CALLER || !own.selfScoped || where === undefined) return [];
          return [verdict({ caller, own, where, callers, object, anonymousTried: anonymousTried.has(own.literal) })];
        });
      }),
  };
}

interface Held {
  readonly caller: string;
  readonly own: Enumeration;
  readonly where: Provenance;
  readonly callers: ReadonlyMap<string, Enumeration>;
  readonly object: string;
  readonly anonymousTried: boolean;
}

function verdict({ caller, own, where, callers, object, anonymousTried }: Held): Enumerated {
  const others = [...callers].filter(([name, list]) => name !== caller && name !== ANONYMOUS_CALLER && list.selfScoped);
  const missing: Missing[] = [];
  if (!own.ended) missing.push('list-not-exhausted');
  if (![...own.pages.values()].every(({ times, samples }) => times >= 2 && samples.size === 1))
    missing.push('list-sampled-once');
  if (!others.some(([, list]) => list.ended)) missing.push('no-other-identity');
  if (!anonymousTried) missing.push('anonymous-not-tried');
  const alsoIn = others.flatMap(([name, list]) => {
    const there = list.objects.get(object);
    return there ? [{ caller: name, where: there }] : [];
  });
  return { caller, operation: own.operation, where, alsoIn, missing };
}

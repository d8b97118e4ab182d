import { isObject } from '../wire/json-value.ts';
import type { LocatedValue } from './problem.ts';
import { type Locate, objectsIn, splitRef } from './references.ts';

/** Most documents loaded for one description. */
const MAX_DOCUMENTS = 500;

/** A document that references name, by its id, and the first value that refers to it. */
export interface WantedDocument {
  readonly id: string;
  readonly from: LocatedValue;
}

/** A description with the documents that it refers to. It loads nothing: whoever reads it supplies what is wanted. */
export interface Documents {
  readonly locate: Locate;
  get(id: string): LocatedValue | undefined;
  /** The documents that those supplied last refer to, each once. */
  wanted(): readonly WantedDocument[];
  supply(id: string, value: unknown): void;
  /** The documents that were wanted and not supplied. */
  missing(): readonly WantedDocument[];
  /** The pointer (RFC 6901) of an object or list in its document; undefined for other values. The first call is O(document). */
  pointerTo(part: LocatedValue): string | undefined;
}

/** Starts with the description itself. */
export function createDocuments(root: LocatedValue, locate: Locate): Documents {
  const loaded = new Map<string, LocatedValue>();
  const asked = new Map<string, WantedDocument>();
  const pointers = new Map<string, ReadonlyMap<unknown, string>>();
  let unread: LocatedValue[] = [];
  const add = (id: string, value: unknown): void => {
    const document = { value, base: id };
    loaded.set(id, document);
    // 3.2: a document may be referred to by the URI that it gives itself.
    const self = isObject(value) && typeof value.$self === 'string' ? locate(value.$self, id) : undefined;
    if (self !== undefined && !loaded.has(self)) loaded.set(self, document);
    unread.push(document);
  };
  add(root.base, root.value);
  return {
    locate,
    get: (id) => loaded.get(id),
    wanted() {
      const found: WantedDocument[] = [];
      for (const document of unread) {
        for (const value of objectsIn(document.value)) {
          const ref = isObject(value) ? value.$ref : undefined;
          const id = typeof ref === 'string' ? splitRef(ref, document.base, locate)?.document : undefined;
          if (id === undefined || loaded.has(id) || asked.has(id) || asked.size >= MAX_DOCUMENTS) continue;
          const one = { id, from: { value, base: document.base } };
          asked.set(id, one);
          found.push(one);
        }
      }
      unread = [];
      return found;
    },
    supply: add,
    missing: () => [...asked.values()].filter(({ id }) => !loaded.has(id)),
    pointerTo({ value, base }) {
      const known = pointers.get(base) ?? pointersIn(loaded.get(base)?.value);
      pointers.set(base, known);
      return known.get(value);
    },
  };
}

function pointersIn(document: unknown): ReadonlyMap<unknown, string> {
  const found = new Map<unknown, string>();
  const waiting: (readonly [unknown, string])[] = [[document, '']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, pointer] = next;
    if (typeof value !== 'object' || value === null || found.has(value)) continue;
    found.set(value, pointer);
    for (const [key, below] of Object.entries(value)) waiting.push([below, `${pointer}/${pointerToken(key)}`]);
  }
  return found;
}

/** One token of an RFC 6901 pointer. */
export function pointerToken(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}

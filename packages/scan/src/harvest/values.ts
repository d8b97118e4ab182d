import type { KnownPrincipal } from '@leakproof/core';
import type { Slot } from '../plan/read-operations.ts';
import type { SeenObject } from '../reading/seen.ts';

/** A value that an identity read of itself, and what it is called where its value may not be written. */
export interface Harvested {
  readonly text: string;
  /** Such as `pia.User.username` or `pia.Workout.id#2`: the same value in every run. */
  readonly symbol: string;
  readonly resource: string;
  readonly field: string;
  /** The operation whose answer brought it; absent where the credential did. */
  readonly from?: string | undefined;
}

/** Claims that every token has (RFC 7519 §4.1): none of them is an id of an object. */
const REGISTERED = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);
/** Most values of one field that are kept. */
const MAX_PER_FIELD = 4;
const MAX_LENGTH = 128;

/** The values an identity's own reads brought, in the order they came. */
export class Values {
  readonly #identity: string;
  readonly #byText = new Map<string, Harvested>();
  readonly #counts = new Map<string, number>();

  constructor(identity: string, { id, claims }: KnownPrincipal) {
    this.#identity = identity;
    this.#byText.set(id, { text: id, symbol: `${identity}.id`, resource: '', field: 'id' });
    for (const [name, value] of Object.entries(claims)) {
      if (typeof value === 'string' && !REGISTERED.has(name))
        this.#put({ resource: 'claims', field: name, text: value });
    }
  }

  /** The identity's own id: what most doors ask for. */
  get own(): Harvested {
    const [first] = this.#byText.values();
    return first ?? { text: '', symbol: `${this.#identity}.id`, resource: '', field: 'id' };
  }

  /** Takes up what the owner's objects and nobody's say, never what is somebody else's; true if anything was new. */
  add(owner: string, from: string, seen: readonly SeenObject[]): boolean {
    const before = this.#byText.size;
    for (const { sighting, fields } of seen.filter((each) => isOfNoOther(owner, each))) {
      for (const { field, texts, isContainer } of fields) {
        if (isContainer || field === '__typename') continue;
        for (const text of texts) this.#put({ resource: sighting.resource, field, text, from });
      }
    }
    return this.#byText.size > before;
  }

  /** The value that an earlier run called so. */
  called(symbol: string): Harvested | undefined {
    return [...this.#byText.values()].find((value) => value.symbol === symbol);
  }

  /** Values worth trying in a slot, the likeliest first. */
  for(slot: Slot): Harvested[] {
    return [...this.#byText.values()]
      .map((value, index) => ({ value, index, rank: rankOf(slot, value) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank || a.index - b.index)
      .map(({ value }) => value);
  }

  #put({ resource, field, text, from }: Omit<Harvested, 'symbol'>): void {
    if (this.#byText.has(text) || text.length > MAX_LENGTH || /^(?:true|false|\{.*)$|\p{Cc}/u.test(text)) return;
    const name = `${this.#identity}.${resource}.${field}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    if (count > MAX_PER_FIELD) return;
    this.#counts.set(name, count);
    this.#byText.set(text, { text, symbol: count === 1 ? name : `${name}#${count}`, resource, field, from });
  }
}

function isOfNoOther(owner: string, seen: SeenObject): boolean {
  for (let at: SeenObject | undefined = seen; at; at = at.within?.seen) {
    if (at.owners.length > 0 && !at.owners.includes(owner)) return false;
  }
  return true;
}

const OPAQUE = /^(?:[0-9]+|[0-9a-f-]{16,}|[A-Za-z0-9_-]{16,})$/i;
const SEARCHES = /^(?:q|query|search|term|name|username|text|prefix)$/;

/** How well a value fits a slot, by what both are called; 0 not at all. A name decides the order of tries and nothing else. */
function rankOf(slot: Slot, { resource, field, text }: Harvested): number {
  const wanted = plain(slot.means);
  const name = plain(slot.name);
  const called = plain(field);
  if (resource !== '' && (wanted === plain(resource + field) || name === plain(resource + field))) return 6;
  if (name === called && name !== 'id') return 5;
  if (SEARCHES.test(name) && /name/.test(called) && !called.startsWith('first') && !called.startsWith('last'))
    return 4.5;
  if (resource === '') return 4;
  if (wanted === called) return 3.5;
  if (called === 'id' || called.endsWith('id')) return 3;
  if (OPAQUE.test(text)) return 2;
  return text.length >= 2 ? 1 : 0;
}

const plain = (words: string): string => words.toLowerCase().replace(/[^a-z0-9]/g, '');

import type { KnownPrincipal } from '@leakproof/core';
import { ownerWord } from './names-of-owners.ts';
import type { Slot } from '../plan/slot.ts';
import type { SeenObject } from '../reading/seen-object.ts';

/** A value from an identity's credential or own reads, with a name for where the value must not be written. */
export interface OwnValue {
  readonly value: string;
  /** Such as `pia.User.username` or `pia.Workout.id#2`; stable from scan to scan. */
  readonly symbol: string;
  readonly resource: string;
  readonly field: string;
  /** The operation whose response contained it; absent if it is from the credential. */
  readonly from?: string | undefined;
}

/** Registered claims (RFC 7519 §4.1). None of them identifies an object. */
const REGISTERED = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);
/** Values kept per field. */
const MAX_PER_FIELD = 4;
/** In characters; longer values are not kept. */
const MAX_LENGTH = 128;

/** The values of an identity, in the order they were found. */
export class OwnValues {
  readonly #identity: string;
  readonly #ownerNames: ReadonlySet<string>;
  readonly #byValue = new Map<string, OwnValue>();
  readonly #counts = new Map<string, number>();
  /** Ids of own objects, by symbol. */
  readonly #ids = new Map<string, OwnValue>();

  /** `ownerNames`: see `namesOfOwners`. */
  constructor(identity: string, { id, claims }: KnownPrincipal, ownerNames: ReadonlySet<string> = new Set()) {
    this.#ownerNames = ownerNames;
    this.#identity = identity;
    this.#byValue.set(id, { value: id, symbol: `${identity}.id`, resource: '', field: 'id' });
    for (const [name, value] of Object.entries(claims)) {
      if (typeof value === 'string' && !REGISTERED.has(name)) this.#add({ resource: 'claims', field: name, value });
    }
  }

  /** The identity's own id. */
  get id(): OwnValue {
    const [first] = this.#byValue.values();
    return first ?? { value: '', symbol: `${this.#identity}.id`, resource: '', field: 'id' };
  }

  /** Adds the values of the owner's objects and of those without owner, never of another owner's. True if any is new. */
  add(owner: string, from: string, objects: readonly SeenObject[]): boolean {
    const before = this.#byValue.size;
    for (const { sighting, fields } of objects.filter((each) => isOfNoOtherOwner(owner, each))) {
      for (const { field, values, isContainer } of fields) {
        if (isContainer || field === '__typename') continue;
        for (const value of values) this.#add({ resource: sighting.resource, field, value, from });
      }
    }
    return this.#byValue.size > before;
  }

  /** The id of an own object as a value, also beyond the number that is kept per field. */
  idOf({ sighting: { resource }, fields }: SeenObject, value: string, from: string): OwnValue {
    const field = fields.find(({ values }) => values.includes(value))?.field ?? 'id';
    const kept = this.#byValue.get(value);
    if (kept?.resource === resource && kept.field === field) return kept;
    const id = this.#named({ resource, field, value, from });
    this.#ids.set(id.symbol, id);
    return id;
  }

  /** The value with a symbol of an earlier scan. */
  bySymbol(symbol: string): OwnValue | undefined {
    return this.#ids.get(symbol) ?? [...this.#byValue.values()].find((value) => value.symbol === symbol);
  }

  /** Values to try in a slot, the likeliest first. */
  candidatesFor(slot: Slot): OwnValue[] {
    return slot.isPrincipal ? [this.id] : this.#ranked(slot, 0);
  }

  /**
   * Values to try in a parameter that an operation also works without, the likeliest first: only those that the name of the
   * parameter asks for. None for `page`, `sort` or `expand`.
   */
  filtersFor(slot: Slot): OwnValue[] {
    if (slot.isPrincipal) return [this.id];
    const isOwner = namesAnOwner(slot.name) || this.#ownerNames.has(ownerWord(slot.name));
    return this.#ranked(slot, isOwner ? RANK_OF_IDS : RANK_OF_NAMES);
  }

  #ranked(slot: Slot, above: number): OwnValue[] {
    return [...this.#byValue.values()]
      .map((value, index) => ({ value, index, rank: rankOf(slot, value) }))
      .filter(({ rank }) => rank > above)
      .sort((a, b) => b.rank - a.rank || a.index - b.index)
      .map(({ value }) => value);
  }

  #add({ resource, field, value, from }: Omit<OwnValue, 'symbol'>): void {
    if (this.#byValue.has(value) || value.length > MAX_LENGTH || /^(?:true|false|\{.*)$|\p{Cc}/u.test(value)) return;
    if ((this.#counts.get(this.#nameOf(resource, field)) ?? 0) >= MAX_PER_FIELD) return;
    this.#byValue.set(value, this.#named({ resource, field, value, from }));
  }

  #nameOf(resource: string, field: string): string {
    return `${this.#identity}.${resource}.${field}`;
  }

  #named({ resource, field, value, from }: Omit<OwnValue, 'symbol'>): OwnValue {
    const name = this.#nameOf(resource, field);
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return { value, symbol: count === 1 ? name : `${name}#${count}`, resource, field, from };
  }
}

function isOfNoOtherOwner(owner: string, object: SeenObject): boolean {
  for (let at: SeenObject | undefined = object; at; at = at.within?.object) {
    if (at.owners.length > 0 && !at.owners.includes(owner)) return false;
  }
  return true;
}

const OPAQUE = /^(?:[0-9]+|[0-9a-f-]{16,}|[A-Za-z0-9_-]{16,})$/i;
/** A parameter that probably names whose objects are returned, or one object. */
const namesAnOwner = (name: string): boolean => ENDS_IN_ID.test(name) || PERSON.test(name);
const ENDS_IN_ID = /(?:^|[_.-])(?:ids?|uid|uuid|guid)$|[a-z](?:Ids?|ID|Uid|UID|Uuid|UUID|By)$|[_-]by$/;
const PERSON =
  /^(?:x-)?(?:user|owner|author|member|account|person|customer|creator|profile|username|login|email|assignee|sender|recipient|participant)s?(?:[_-]?name|id)?$/i;
/** Above this rank of `rankOf` are ids, and above the other one values that have the name of the slot. */
const RANK_OF_IDS = 2.5;
const RANK_OF_NAMES = 4;

const IS_SEARCH = /^(?:q|query|search|term|name|username|text|prefix)$/;

/** How well a value fits a slot, by their names; 0 is not at all. Only the order of attempts depends on it. */
function rankOf(slot: Slot, { resource, field, value }: OwnValue): number {
  const hint = lettersOf(slot.hint);
  const slotName = lettersOf(slot.name);
  const fieldName = lettersOf(field);
  const fullName = lettersOf(resource + field);
  if (resource !== '' && (hint === fullName || slotName === fullName)) return 6;
  if (slotName === fieldName && slotName !== 'id') return 5;
  if (IS_SEARCH.test(slotName) && /name/.test(fieldName) && !/^(?:first|last)/.test(fieldName)) return 4.5;
  if (resource === '') return 4;
  if (hint === fieldName) return 3.5;
  if (fieldName.endsWith('id')) return 3;
  if (OPAQUE.test(value)) return 2;
  return value.length >= 2 ? 1 : 0;
}

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

import type { ExchangeRead } from '@leakproof/sources';
import { ownerWord } from '../harvest/names-of-owners.ts';

/** A value that could be an id, with the places it was found at. Personal data: keep it in memory. */
export interface PooledValue {
  readonly value: string;
  /** Names of what it identifies, in letters only: `userid` for `/users/*` `id`. */
  readonly names: Set<string>;
  /** `operation pointer` of the responses with it. */
  readonly sites: Set<string>;
  /** Who received it, in the order of arrival. */
  readonly callers: Set<string>;
}

interface ValuePlace {
  /** What the object is called: by the member that it is in, else by the path. */
  readonly about: string;
  readonly pointer: string;
  readonly depth: number;
}

/** Values kept; more are not looked at. */
const MAX_VALUES = 20_000;
/** Objects of one response whose values are kept. */
const MAX_OBJECTS = 200;
const MAX_DEPTH = 8;
const MAX_LENGTH = 200;
const IDENTIFIES =
  /(?:^|[_.-])(?:id|ids|uid|uuid|guid|key|slug|sub|code|ref|number|username|login|handle|email|name)$|[a-z](?:Id|ID|Ids|Uuid|By|Key|Slug)$|[_-]by$/;

/** The values of all responses that could fill a parameter, in the order of their arrival. */
export class ValuePool {
  readonly #values = new Map<string, PooledValue>();

  /** Adds a claim of a caller's token, or an id that is known of it. */
  addOwn(caller: string, value: string, name: string): void {
    this.#add({ value, name, site: '', caller });
  }

  /** Adds the values of a JSON response. `operation`: of the request. */
  add({ response, segments }: ExchangeRead, operation: string, caller: string): void {
    if (response.kind !== 'json') return;
    let objects = 0;
    const [last = ''] = segments.flatMap(({ text, isId }) => (isId ? [] : [text])).slice(-1);
    const visit = (value: unknown, { about, pointer, depth }: ValuePlace): void => {
      if (depth > MAX_DEPTH || objects > MAX_OBJECTS) return;
      if (Array.isArray(value)) {
        for (const item of value) visit(item, { about, pointer: `${pointer}/*`, depth: depth + 1 });
        return;
      }
      if (typeof value !== 'object' || value === null) {
        const text = textOf(value);
        if (pointer.endsWith('/*') && text !== undefined)
          this.#add({ value: text, name: `${about}id`, site: `${operation} ${pointer}`, caller });
        return;
      }
      objects++;
      for (const [field, each] of Object.entries(value)) {
        const text = textOf(each);
        const site = `${operation} ${pointer}/${field}`;
        if (text === undefined) {
          const below = isContainer(field) ? about : lettersOf(field);
          visit(each, { about: below, pointer: `${pointer}/${field}`, depth: depth + 1 });
        } else if (IDENTIFIES.test(field)) {
          this.#add({ value: text, name: lettersOf(field), site, caller });
          this.#add({ value: text, name: `${about}${lettersOf(field)}`, site, caller });
        }
      }
    };
    visit(response.value, { about: lettersOf(last), pointer: '', depth: 0 });
  }

  /** Values for a parameter, the likeliest first; among equals, one of each caller in turn. */
  candidates({ name, about, sites }: ParameterWanted): PooledValue[] {
    const ranked = [...this.#values.values()].flatMap((value) => {
      const rank = rankOf(value, { name, about, sites });
      return rank === 0 ? [] : [{ value, rank }];
    });
    const groups = new Map<number, PooledValue[]>();
    for (const { value, rank } of ranked) groups.set(rank, [...(groups.get(rank) ?? []), value]);
    return [...groups].sort(([a], [b]) => b - a).flatMap(([, group]) => inTurn(group));
  }

  #add({ value, name, site, caller }: { value: string; name: string; site: string; caller: string }): void {
    const known = this.#values.get(value) ?? { value, names: new Set(), sites: new Set(), callers: new Set() };
    if (!this.#values.has(value)) {
      if (this.#values.size >= MAX_VALUES) return;
      this.#values.set(value, known);
    }
    known.names.add(name);
    if (site !== '') known.sites.add(site);
    known.callers.add(caller);
  }
}

export interface ParameterWanted {
  /** Of the parameter. */
  readonly name: string;
  /** The word of the path before it: `users` of `/users/{id}`. */
  readonly about: string;
  /** Sites whose values were seen in it: `operation pointer`. */
  readonly sites: ReadonlySet<string>;
}

function rankOf({ names, sites }: PooledValue, wanted: ParameterWanted): number {
  for (const site of sites) if (wanted.sites.has(site)) return 5;
  const name = lettersOf(wanted.name);
  const about = lettersOf(wanted.about);
  if (names.has(`${about}${name}`) || (name !== 'id' && names.has(name) && name.length > 2)) return 4;
  const isOwnId = /^(?:id|ids|key|uuid|slug)$/.test(name) || name === about || name === `${about}id`;
  if (isOwnId && [...names].some((each) => each === `${about}id` || each === `${about}uuid` || each === `${about}slug`))
    return 3;
  return ownerWord(wanted.name).length > 2 && [...names].some((each) => each === `${ownerWord(wanted.name)}id`) ? 2 : 0;
}

/** One of each caller's in turn: a caller with thousands of values does not crowd out the others. */
function inTurn(values: readonly PooledValue[]): PooledValue[] {
  const queues = new Map<string, PooledValue[]>();
  for (const value of values) {
    const [first = ''] = value.callers;
    queues.set(first, [...(queues.get(first) ?? []), value]);
  }
  const found: PooledValue[] = [];
  for (let at = 0; found.length < values.length; at++)
    for (const queue of queues.values()) {
      const value = queue[at];
      if (value) found.push(value);
    }
  return found;
}

/** Members that only wrap what they contain. */
const isContainer = (field: string): boolean =>
  /^(?:data|items?|results?|rows|list|edges|nodes?|content|entries|records|values|payload|response|body|_embedded|objects)$/i.test(
    field,
  );

/** `user_ids` and `userId` → `userid`; plurals as their singular. */
export function lettersOf(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return letters.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'string' || value === '' || value.length > MAX_LENGTH) return undefined;
  return /[\p{Cc}\p{Surrogate}]/u.test(value) ? undefined : value;
}

import { createHmac } from 'node:crypto';

/** What is remembered of a value: in how many places, how often, and for whom it appeared. */
interface Remembered<Site> {
  readonly sites: Set<Site>;
  /** Callers who were given it. */
  readonly callers: Set<string>;
  seen: number;
}

/** Values as keyed digests with where they were produced. Bounded: the oldest half is forgotten, and counted, when it is full. */
export interface ValueMemory<Site> {
  note(value: string, site: Site, caller: string): void;
  recall(value: string): Remembered<Site> | undefined;
  digest(value: string): string;
  readonly forgotten: () => number;
}

const MAX_SITES = 32;
const MAX_CALLERS = 32;

/** `key` makes digests useless to anybody without it; `maxValues` bounds memory at about 300 bytes a value. */
export function rememberValues<Site>(key: Uint8Array, maxValues: number): ValueMemory<Site> {
  let young = new Map<string, Remembered<Site>>();
  let old = new Map<string, Remembered<Site>>();
  let forgotten = 0;
  const digest = (value: string): string =>
    createHmac('sha256', key).update(normalise(value)).digest('base64url').slice(0, 22);
  const find = (name: string): Remembered<Site> | undefined => {
    const known = young.get(name) ?? old.get(name);
    if (known && !young.has(name)) put(name, known);
    return known;
  };
  const put = (name: string, value: Remembered<Site>): void => {
    old.delete(name);
    young.set(name, value);
    if (young.size * 2 <= maxValues) return;
    forgotten += old.size;
    old = young;
    young = new Map();
  };
  return {
    digest,
    recall: (value) => find(digest(value)),
    note: (value, site, caller) => {
      const name = digest(value);
      const known = find(name) ?? { sites: new Set<Site>(), callers: new Set<string>(), seen: 0 };
      if (known.seen++ === 0) put(name, known);
      if (known.sites.size < MAX_SITES) known.sites.add(site);
      if (known.callers.size < MAX_CALLERS) known.callers.add(caller);
    },
    forgotten: () => forgotten,
  };
}

/** Ids are compared without case where case means nothing: UUIDs, hexadecimal, e-mail addresses. */
function normalise(value: string): string {
  return /^[0-9a-fA-F-]{16,}$|@/.test(value) ? value.toLowerCase() : value;
}

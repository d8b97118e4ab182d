import { createHmac } from 'node:crypto';

/** Where a value was produced, how often, and for which callers. */
interface KnownValue<Site> {
  readonly sites: Set<Site>;
  /** Callers whose responses contained it. */
  readonly callers: Set<string>;
  seen: number;
}

/** Produced values, as keyed digests. Bounded: when it is full, the older half is forgotten and counted. */
export interface ValueMemory<Site> {
  note(value: string, site: Site, caller: string): void;
  recall(value: string): KnownValue<Site> | undefined;
  digest(value: string): string;
  readonly forgotten: () => number;
}

const MAX_SITES = 32;
const MAX_CALLERS = 32;

/** `key`: without it the digests cannot be compared with values. `maxValues`: about 300 bytes each. */
export function createValueMemory<Site>(key: Uint8Array, maxValues: number): ValueMemory<Site> {
  let young = new Map<string, KnownValue<Site>>();
  let old = new Map<string, KnownValue<Site>>();
  let forgotten = 0;
  const digest = (value: string): string =>
    createHmac('sha256', key).update(normalise(value)).digest('base64url').slice(0, 22);
  const find = (name: string): KnownValue<Site> | undefined => {
    const known = young.get(name) ?? old.get(name);
    if (known && !young.has(name)) put(name, known);
    return known;
  };
  const put = (name: string, value: KnownValue<Site>): void => {
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

/** Ids without significant case (UUIDs, hexadecimal, e-mail addresses) are compared in lower case. */
function normalise(value: string): string {
  return /^[0-9a-fA-F-]{16,}$|@/.test(value) ? value.toLowerCase() : value;
}

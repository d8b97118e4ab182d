import type { HttpClient } from './http-client.ts';

/** Which fields of which people a scraper has received, by the field names of the contract. */
export class Loot {
  /** `region id` → fields that were received with a value. */
  readonly people = new Map<string, Set<string>>();

  add(region: string, id: string, fields: Iterable<string>): void {
    const key = `${region} ${id}`;
    const known = this.people.get(key) ?? new Set();
    for (const field of fields) known.add(field);
    this.people.set(key, known);
  }

  in(region: string): number {
    return [...this.people.keys()].filter((key) => key.startsWith(`${region} `)).length;
  }

  withField(field: string): number {
    return [...this.people.values()].filter((fields) => fields.has(field)).length;
  }
}

export interface Scraping {
  readonly loot: Loot;
  readonly requests: number;
  /** The status that stopped it; undefined if it finished. */
  readonly stoppedBy: number | undefined;
}

type Row = Readonly<Record<string, unknown>>;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789_';
const PAGE = 50;

export interface ScrapeOptions {
  readonly region: string;
  /** Absent: an anonymous caller. */
  readonly token?: string;
  readonly loot?: Loot;
}

/**
 * Copies every member of a region as in the incident: ids from the search, the rest from workout details and the gateway, in
 * batches. Stops after three refusals in a row.
 */
export async function scrape(client: HttpClient, { loot = new Loot(), ...options }: ScrapeOptions): Promise<Scraping> {
  const run = new Scrape(client, { loot, ...options });
  await run.search('');
  await run.details();
  return { loot, requests: run.requests, stoppedBy: run.stoppedBy };
}

class Scrape {
  requests = 0;
  stoppedBy: number | undefined;
  readonly #client: HttpClient;
  readonly #region: string;
  readonly #token: string | undefined;
  readonly #loot: Loot;
  readonly #ids = new Set<string>();
  #refusals = 0;

  constructor(client: HttpClient, { region, token, loot }: ScrapeOptions & { readonly loot: Loot }) {
    this.#client = client;
    this.#region = region;
    this.#token = token;
    this.#loot = loot;
  }

  /** Every name with this prefix: the first page if it has all of them, else letter by letter. */
  async search(prefix: string): Promise<void> {
    if (this.stoppedBy !== undefined || prefix.length > 12) return;
    const rows = prefix === '' ? undefined : await this.#rows(`/api/user/search/${prefix}?limit=${PAGE}`);
    for (const row of rows ?? []) this.#add('User', row, row);
    if (rows && rows.length < PAGE) return;
    for (const letter of ALPHABET) await this.search(prefix + letter);
  }

  async details(): Promise<void> {
    const ids = [...this.#ids];
    for (let at = 0; at < ids.length && this.stoppedBy === undefined; at += PAGE) {
      const batch = ids.slice(at, at + PAGE);
      for (const row of (await this.#rows('/stats/workouts/details', { ids: batch })) ?? []) {
        const user = (row['user'] ?? {}) as Row;
        this.#add('Workout', row, user);
        this.#add('User', user, user);
      }
      const query = 'query ($ids: [ID!]!) { users(ids: $ids) { id username location } }';
      const response = await this.#send('gql', '/graphql', { query, variables: { ids: batch } });
      const users = (response as { data?: { users?: (Row | null)[] } } | undefined)?.data?.users ?? [];
      for (const user of users) if (user) this.#add('User', user, user);
    }
  }

  #add(resource: string, row: Row, owner: Row): void {
    const id = owner['id'];
    if (typeof id !== 'string') return;
    this.#ids.add(id);
    const fields = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
    this.#loot.add(
      this.#region,
      id,
      fields.map(([name]) => `${resource}.${name}`),
    );
  }

  async #rows(path: string, body?: unknown): Promise<Row[] | undefined> {
    const response = (await this.#send('api', path, body)) as { readonly data?: Row[] } | undefined;
    return response?.data;
  }

  async #send(service: string, path: string, body: unknown): Promise<unknown> {
    this.requests++;
    const { status, json } = await this.#client.send({
      host: `${service}.${this.#region}.lab.test`,
      path,
      token: this.#token,
      body,
    });
    this.#refusals = status === 200 ? 0 : this.#refusals + 1;
    if (this.#refusals >= 3) this.stoppedBy = status;
    return status === 200 ? json : undefined;
  }
}

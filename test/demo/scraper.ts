import type { HttpClient } from './http-client.ts';

/** What a scraper holds in the end: which fields of whom. Names of fields, as the contract calls them. */
export class Loot {
  /** `region id` → fields that arrived with a value. */
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
  /** The status that stopped it; undefined if it got through to the end. */
  readonly stoppedBy: number | undefined;
}

type Row = Readonly<Record<string, unknown>>;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789_';
const PAGE = 50;

/**
 * Copies every member of a region as the incident allowed: the search gives ids, the workout details and the gateway give
 * the rest, a batch at a time. It stops when it is refused three times running.
 */
export async function scrape(
  client: HttpClient,
  region: string,
  token: string | undefined,
  loot = new Loot(),
): Promise<Scraping> {
  const run = new Scrape(client, region, token, loot);
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

  constructor(client: HttpClient, region: string, token: string | undefined, loot: Loot) {
    this.#client = client;
    this.#region = region;
    this.#token = token;
    this.#loot = loot;
  }

  /** Every name that begins with `prefix`: one page if it holds them all, else letter by letter. */
  async search(prefix: string): Promise<void> {
    if (this.stoppedBy !== undefined || prefix.length > 12) return;
    const rows =
      prefix === ''
        ? undefined
        : await this.#rows('api', `/api/user/search/${prefix}?limit=${PAGE}`, undefined, 'data');
    for (const row of rows ?? []) this.#keep('User', row, row);
    if (rows && rows.length < PAGE) return;
    for (const letter of ALPHABET) await this.search(prefix + letter);
  }

  async details(): Promise<void> {
    const ids = [...this.#ids];
    for (let at = 0; at < ids.length && this.stoppedBy === undefined; at += PAGE) {
      const batch = ids.slice(at, at + PAGE);
      for (const row of (await this.#rows('api', '/stats/workouts/details', { ids: batch }, 'data')) ?? []) {
        const user = (row['user'] ?? {}) as Row;
        this.#keep('Workout', row, user);
        this.#keep('User', user, user);
      }
      const query = 'query ($ids: [ID!]!) { users(ids: $ids) { id username location } }';
      const answered = await this.#ask('gql', '/graphql', { query, variables: { ids: batch } });
      const users = (answered as { data?: { users?: (Row | null)[] } } | undefined)?.data?.users ?? [];
      for (const user of users) if (user) this.#keep('User', user, user);
    }
  }

  #keep(resource: string, row: Row, owner: Row): void {
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

  async #rows(endpoint: string, path: string, body: unknown, member: string): Promise<Row[] | undefined> {
    const answer = (await this.#ask(endpoint, path, body)) as Readonly<Record<string, Row[] | undefined>> | undefined;
    return answer?.[member];
  }

  async #ask(endpoint: string, path: string, body: unknown): Promise<unknown> {
    this.requests++;
    const { status, json } = await this.#client.ask({
      host: `${endpoint}.${this.#region}.lab.test`,
      path,
      token: this.#token,
      body,
    });
    this.#refusals = status === 200 ? 0 : this.#refusals + 1;
    if (this.#refusals >= 3) this.stoppedBy = status;
    return status === 200 ? json : undefined;
  }
}

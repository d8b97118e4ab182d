import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Members of the tiny API. `dina` is a friend of `bo`. All values but `is_private` are unique. */
export const PEOPLE = {
  alba: {
    id: 'a1b2c3d4e5f60001',
    name: 'alba',
    is_private: false,
    city: 'Albaville',
    weight: 61.0001,
    secret: 'hash-of-alba',
  },
  bo: {
    id: 'a1b2c3d4e5f60002',
    name: 'bo-the-private',
    is_private: true,
    city: 'Botown',
    weight: 72.0002,
    secret: 'hash-of-bo',
  },
  cato: {
    id: 'a1b2c3d4e5f60003',
    name: 'cato',
    is_private: false,
    city: 'Catoburg',
    weight: 83.0003,
    secret: 'hash-of-cato',
  },
  dina: {
    id: 'a1b2c3d4e5f60004',
    name: 'dina',
    is_private: true,
    city: 'Dinastadt',
    weight: 94.0004,
    secret: 'hash-of-dina',
  },
} as const;
export type PersonName = keyof typeof PEOPLE;
type Person = (typeof PEOPLE)[PersonName];

/** Fields returned to each kind of caller; `member:private` to members who read a private person. */
export interface Releases {
  readonly anonymous: readonly string[];
  readonly member: readonly string[];
  readonly 'member:private': readonly string[];
  readonly friend: readonly string[];
  readonly self: readonly string[];
}

const NAME_TAG = ['id', 'name', 'is_private'];
/** As the contract allows. */
export const SOUND: Releases = {
  anonymous: [],
  member: [...NAME_TAG, 'city'],
  'member:private': NAME_TAG,
  friend: [...NAME_TAG, 'city'],
  self: [...NAME_TAG, 'city', 'weight'],
};

export interface TinyResponse {
  readonly status?: number;
  readonly type?: string;
  readonly body: unknown;
}

export interface TinyOptions {
  readonly releases?: Partial<Releases>;
  /** Replaces the response of `GET /user/{id}`, unless it returns undefined. */
  readonly user?: (request: TinyRequest) => TinyResponse | undefined;
  /** Replaces the response of `GET /me`, unless it returns undefined. */
  readonly me?: (request: TinyRequest) => TinyResponse | undefined;
  /** The person whose token a login by this name gets. */
  readonly loginAs?: Partial<Record<PersonName, PersonName>>;
  /** Number of requests after which a token of this person expires. */
  readonly lasts?: Partial<Record<PersonName, number>>;
}

export interface TinyRequest {
  readonly caller: PersonName | undefined;
  readonly owner: Person | undefined;
  readonly id: string;
  readonly released: Readonly<Record<string, unknown>>;
}

export interface TinyApi {
  readonly port: number;
  /** `METHOD target caller` of every request, in order. */
  readonly log: string[];
  close(): Promise<void>;
}

/** Starts the tiny API on loopback. */
export async function startTinyApi(options: TinyOptions = {}): Promise<TinyApi> {
  const log: string[] = [];
  const used = new Map<string, number>();
  const server = createServer((request, response) => void handle(request, response, { options, log, used }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    log,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface TinyState {
  readonly options: TinyOptions;
  readonly log: string[];
  readonly used: Map<string, number>;
}

async function handle(request: IncomingMessage, response: ServerResponse, state: TinyState): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const target = request.url ?? '';
  const caller = callerOf(request.headers.authorization, state);
  state.log.push(`${request.method} ${target} ${caller ?? 'anonymous'}`);
  const {
    status = 200,
    type = 'application/json',
    body,
  } = respond({ method: request.method ?? '', target, text }, caller, state.options);
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

let sessions = 0;

interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly text: string;
}

function respond(
  { method, target, text }: ReceivedRequest,
  caller: PersonName | undefined,
  options: TinyOptions,
): TinyResponse {
  if (method === 'POST' && target === '/login') {
    const { name } = JSON.parse(text) as { name: PersonName };
    const who = options.loginAs?.[name] ?? name;
    const claims = { sub: PEOPLE[who].id, n: String((sessions += 1)) };
    return { body: { token: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln` } };
  }
  const id = decodeURIComponent(/^\/user\/([^/?]+)$/.exec(target)?.[1] ?? '');
  const isMe = target === '/me';
  if (!isMe && id === '') return { status: 404, body: { error: 'not found' } };
  const owner = isMe ? caller && PEOPLE[caller] : Object.values(PEOPLE).find((each) => each.id === id);
  const released = owner ? release(owner, caller, { ...SOUND, ...options.releases }) : {};
  const override = (isMe ? options.me : options.user)?.({ caller, owner, id, released });
  if (override) return override;
  if (isMe && !caller) return { status: 401, body: { error: 'unauthorized' } };
  if (!caller && Object.keys(released).length === 0) return { status: 401, body: { error: 'unauthorized' } };
  return Object.keys(released).length > 0 ? { body: released } : { status: 404, body: { error: 'not found' } };
}

function release(owner: Person, caller: PersonName | undefined, releases: Releases): Record<string, unknown> {
  const isFriend = caller === 'dina' && owner === PEOPLE.bo;
  const kind = caller === undefined ? 'anonymous' : PEOPLE[caller] === owner ? 'self' : isFriend ? 'friend' : 'member';
  const fields = releases[kind === 'member' && owner.is_private ? 'member:private' : kind];
  return Object.fromEntries(Object.entries(owner).filter(([name]) => fields.includes(name)));
}

function callerOf(authorization: string | undefined, { options, used }: TinyState): PersonName | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
  const name = (Object.keys(PEOPLE) as PersonName[]).find((each) => PEOPLE[each].id === sub);
  const count = (used.get(token) ?? 0) + 1;
  used.set(token, count);
  return name !== undefined && count > (options.lasts?.[name] ?? Number.POSITIVE_INFINITY) ? undefined : name;
}

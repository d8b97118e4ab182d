import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Members of the tiny API. `dina` is a friend of `bo`. Every value but the flag is found nowhere else. */
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

/** Fields released to each kind of caller; `friend` and `member` of a private person by the second two. */
export interface Releases {
  readonly anonymous: readonly string[];
  readonly member: readonly string[];
  readonly 'member:private': readonly string[];
  readonly friend: readonly string[];
  readonly self: readonly string[];
}

const NAME_TAG = ['id', 'name', 'is_private'];
/** What the contract means. */
export const SOUND: Releases = {
  anonymous: [],
  member: [...NAME_TAG, 'city'],
  'member:private': NAME_TAG,
  friend: [...NAME_TAG, 'city'],
  self: [...NAME_TAG, 'city', 'weight'],
};

/** An answer; `undefined` where the ordinary one will do. */
export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: unknown;
}

export interface TinyOptions {
  readonly releases?: Partial<Releases>;
  /** Replaces the answer of `GET /user/{id}`. */
  readonly user?: (asked: Asked) => Answer | undefined;
  /** Replaces the answer of `GET /me`. */
  readonly me?: (asked: Asked) => Answer | undefined;
  /** Who a login by this name really is. */
  readonly loginAs?: Partial<Record<PersonName, PersonName>>;
  /** A token of this person is good for this many requests. */
  readonly lasts?: Partial<Record<PersonName, number>>;
}

export interface Asked {
  readonly caller: PersonName | undefined;
  readonly owner: Person | undefined;
  readonly id: string;
  readonly released: Readonly<Record<string, unknown>>;
}

export interface TinyApi {
  readonly port: number;
  /** `METHOD target` with who asked, in order. */
  readonly log: string[];
  close(): Promise<void>;
}

/** Starts the tiny API on loopback. */
export async function startTinyApi(options: TinyOptions = {}): Promise<TinyApi> {
  const log: string[] = [];
  const used = new Map<string, number>();
  const server = createServer((request, response) => void attend(request, response, { options, log, used }));
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

interface Room {
  readonly options: TinyOptions;
  readonly log: string[];
  readonly used: Map<string, number>;
}

async function attend(request: IncomingMessage, response: ServerResponse, room: Room): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const target = request.url ?? '';
  const caller = callerOf(request.headers.authorization, room);
  room.log.push(`${request.method} ${target} ${caller ?? 'anonymous'}`);
  const {
    status = 200,
    type = 'application/json',
    body,
  } = answer(request.method ?? '', target, caller, { text, ...room });
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

let sessions = 0;

// oxlint-disable-next-line max-params
function answer(method: string, target: string, caller: PersonName | undefined, room: Room & { text: string }): Answer {
  const { options } = room;
  if (method === 'POST' && target === '/login') {
    const { name } = JSON.parse(room.text) as { name: PersonName };
    const who = options.loginAs?.[name] ?? name;
    const claims = { sub: PEOPLE[who].id, n: String((sessions += 1)) };
    return { body: { token: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln` } };
  }
  const id = decodeURIComponent(/^\/user\/([^/?]+)$/.exec(target)?.[1] ?? '');
  const isMe = target === '/me';
  if (!isMe && id === '') return { status: 404, body: { error: 'no such thing' } };
  const owner = isMe ? caller && PEOPLE[caller] : Object.values(PEOPLE).find((each) => each.id === id);
  const released = owner ? release(owner, caller, { ...SOUND, ...options.releases }) : {};
  const twisted = (isMe ? options.me : options.user)?.({ caller, owner, id, released });
  if (twisted) return twisted;
  if (isMe && !caller) return { status: 401, body: { error: 'who are you?' } };
  if (!caller && Object.keys(released).length === 0) return { status: 401, body: { error: 'who are you?' } };
  return Object.keys(released).length > 0 ? { body: released } : { status: 404, body: { error: 'no such thing' } };
}

function release(owner: Person, caller: PersonName | undefined, releases: Releases): Record<string, unknown> {
  const isFriend = caller === 'dina' && owner === PEOPLE.bo;
  const kind = caller === undefined ? 'anonymous' : PEOPLE[caller] === owner ? 'self' : isFriend ? 'friend' : 'member';
  const fields = releases[kind === 'member' && owner.is_private ? 'member:private' : kind];
  return Object.fromEntries(Object.entries(owner).filter(([name]) => fields.includes(name)));
}

function callerOf(authorization: string | undefined, { options, used }: Room): PersonName | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
  const name = (Object.keys(PEOPLE) as PersonName[]).find((each) => PEOPLE[each].id === sub);
  const count = (used.get(token) ?? 0) + 1;
  used.set(token, count);
  return name !== undefined && count > (options.lasts?.[name] ?? Number.POSITIVE_INFINITY) ? undefined : name;
}

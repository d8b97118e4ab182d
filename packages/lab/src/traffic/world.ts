import type { Lab } from '../lab.ts';
import { OWNERS } from '../people/cast.ts';
import { hostOf } from '../surface/hosts.ts';
import { type Region, REGIONS } from '../rules/stages.ts';
import type { Visitor } from './visitor.ts';

/** Ids that a request needs, learnt from the lab by plain requests. An organisation has a name and nothing else. */
export interface OwnerIds {
  readonly name: string;
  readonly userId: string;
  readonly workoutIds: readonly string[];
}

/** Whose lists, tags and classes hold the owners of the play, in one region. */
export interface Anchors {
  /** Public; every other owner follows her. */
  readonly hub: OwnerIds;
  /** Public; the hub follows him. */
  readonly hubsIdol: OwnerIds;
  /** Public; follows those whom the hub does not. */
  readonly follower: OwnerIds;
  readonly hubFollows: readonly string[];
  readonly org: string;
  readonly tagName: string;
  readonly classId: string;
}

/** What a visitor knows after logging everybody in. */
export interface World {
  /** By username, of all who can log in. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly anchors: Readonly<Record<Region, Anchors>>;
  idsOf(name: string): OwnerIds;
  /** The header that makes them known; none for `anonymous`. */
  credentialsOf(name: string): Readonly<Record<string, string>>;
}

/** Logs the whole cast in and learns their ids, by plain requests; the lab stands open for as long as that takes. */
export async function learnWorld(lab: Lab, visitor: Visitor): Promise<World> {
  const stage = lab.stage;
  lab.setStage('open');
  const tokens = new Map<string, string>();
  const ids = new Map<string, OwnerIds>();
  for (const { region, username, password, userId, canLogIn } of lab.identities) {
    const host = hostOf(region, 'rest');
    const login = { method: 'POST', path: '/auth/login', body: { username_or_email: username, password } };
    const welcome = (await visitor.ask(host, login)).body as { readonly token?: string };
    if (canLogIn && welcome.token !== undefined) tokens.set(username, welcome.token);
    const listed = await visitor.ask(host, { method: 'GET', path: `/api/user/${userId}/workouts` });
    const rows = (listed.body as { readonly data?: readonly { readonly id: string }[] }).data ?? [];
    ids.set(username, { name: username, userId, workoutIds: rows.map(({ id }) => id) });
  }
  const idsOf = (name: string): OwnerIds => ids.get(name) ?? { name, userId: '', workoutIds: [] };
  const found = await Promise.all(
    REGIONS.map(async (region) => [region, await anchorsOf(region, visitor, idsOf)] as const),
  );
  lab.setStage(stage);
  const credentialsOf = (name: string): Readonly<Record<string, string>> => {
    const token = tokens.get(name);
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };
  return { tokens, idsOf, credentialsOf, anchors: Object.fromEntries(found) as Record<Region, Anchors> };
}

async function anchorsOf(region: Region, visitor: Visitor, idsOf: World['idsOf']): Promise<Anchors> {
  const named = (name: string): OwnerIds => idsOf(region === 'us' ? name : `${name}_${region}`);
  const { body } = await visitor.ask(hostOf(region, 'rest'), { method: 'GET', path: '/api/ride/metadata_mappings' });
  return {
    hub: named('olga'),
    hubsIdol: named('hugo'),
    follower: named('fay'),
    hubFollows: OWNERS.find(({ name }) => name === 'olga')?.follows ?? [],
    org: 'northwind',
    tagName: 'SharedTag',
    classId: (body as { readonly class_types: readonly { readonly id: string }[] }).class_types[0]?.id ?? '',
  };
}

import type { Lab } from '../lab.ts';
import { OWNERS } from '../people/cast.ts';
import { hostOf } from '../surface/hosts.ts';
import { type Region, REGIONS } from '../rules/stage.ts';
import type { LabClient } from './lab-client.ts';

/** Ids of an owner that requests contain. An organisation has a name only. */
export interface OwnerIds {
  readonly name: string;
  readonly userId: string;
  readonly workoutIds: readonly string[];
}

/** Objects of one region whose lists contain the owners of the cast. */
export interface Fixtures {
  /** Public; every other owner follows her. */
  readonly hub: OwnerIds;
  /** Public; followed by the hub. */
  readonly followedByHub: OwnerIds;
  /** Public; follows the owners that the hub does not. */
  readonly follower: OwnerIds;
  readonly followedByHubNames: readonly string[];
  readonly org: string;
  readonly tagName: string;
  readonly classId: string;
}

/** Tokens and ids of the cast. */
export interface CastDirectory {
  /** By username, for everyone who can log in. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly fixtures: Readonly<Record<Region, Fixtures>>;
  idsOf(name: string): OwnerIds;
  /** The authorization header; empty for `anonymous`. */
  credentialsOf(name: string): Readonly<Record<string, string>>;
}

/** Logs the whole cast in and reads their ids, by plain requests. The lab is in the stage `open` until that is done. */
export async function logInCast(lab: Lab, client: LabClient): Promise<CastDirectory> {
  const stage = lab.stage;
  lab.setStage('open');
  const tokens = new Map<string, string>();
  const ids = new Map<string, OwnerIds>();
  for (const { region, username, password, userId, canLogIn } of lab.identities) {
    const host = hostOf(region, 'rest');
    const login = { method: 'POST', path: '/auth/login', body: { username_or_email: username, password } };
    const welcome = (await client.send(host, login)).body as { readonly token?: string };
    if (canLogIn && welcome.token !== undefined) tokens.set(username, welcome.token);
    const listed = await client.send(host, { method: 'GET', path: `/api/user/${userId}/workouts` });
    const rows = (listed.body as { readonly data?: readonly { readonly id: string }[] }).data ?? [];
    ids.set(username, { name: username, userId, workoutIds: rows.map(({ id }) => id) });
  }
  const idsOf = (name: string): OwnerIds => ids.get(name) ?? { name, userId: '', workoutIds: [] };
  const found = await Promise.all(
    REGIONS.map(async (region) => [region, await fixturesOf(region, client, idsOf)] as const),
  );
  lab.setStage(stage);
  const credentialsOf = (name: string): Readonly<Record<string, string>> => {
    const token = tokens.get(name);
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };
  return { tokens, idsOf, credentialsOf, fixtures: Object.fromEntries(found) as Record<Region, Fixtures> };
}

async function fixturesOf(region: Region, client: LabClient, idsOf: CastDirectory['idsOf']): Promise<Fixtures> {
  const named = (name: string): OwnerIds => idsOf(region === 'us' ? name : `${name}_${region}`);
  const { body } = await client.send(hostOf(region, 'rest'), { method: 'GET', path: '/api/ride/metadata_mappings' });
  return {
    hub: named('olga'),
    followedByHub: named('hugo'),
    follower: named('fay'),
    followedByHubNames: OWNERS.find(({ name }) => name === 'olga')?.follows ?? [],
    org: 'northwind',
    tagName: 'SharedTag',
    classId: (body as { readonly class_types: readonly { readonly id: string }[] }).class_types[0]?.id ?? '',
  };
}

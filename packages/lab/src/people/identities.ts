import { staffMember } from '../auth/accounts.ts';
import type { PrincipalKind } from '../auth/keys.ts';
import { type Region, REGIONS } from '../rules/stages.ts';
import type { State } from '../rules/standing.ts';
import type { Store } from '../store/store.ts';
import { canLogIn, CAST, type Part, type Role, usernameOf } from './cast.ts';
import { passwordOf } from './person.ts';

/** A person of the play as a tester needs them. `canLogIn` is false for the one who deleted her account. */
export interface LabIdentity {
  readonly name: string;
  readonly region: Region;
  readonly role: Role;
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly kind: PrincipalKind;
  readonly ownerStates: readonly State[];
  readonly canLogIn: boolean;
  readonly note: string;
}

export function identitiesOf(store: Store): readonly LabIdentity[] {
  return REGIONS.flatMap((region) => CAST.map((part) => identityOf(store, region, part)));
}

function identityOf(store: Store, region: Region, part: Part): LabIdentity {
  const username = usernameOf(part, region);
  const staff = staffMember(store.seed, region, username);
  return {
    name: username,
    region,
    role: part.role,
    username,
    password: passwordOf(username),
    userId: staff?.sub ?? store.memberByName(region, username)?.id ?? '',
    kind: staff === undefined ? 'member' : 'staff',
    ownerStates: part.states ?? [],
    canLogIn: canLogIn(part),
    note: part.note,
  };
}

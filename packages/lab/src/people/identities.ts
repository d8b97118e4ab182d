import { apiKeyOf, staffMember } from '../auth/accounts.ts';
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
  /** What their bike sends as `x-api-key`; staff have none. */
  readonly apiKey: string | undefined;
  readonly note: string;
}

export function identitiesOf(store: Store): readonly LabIdentity[] {
  return REGIONS.flatMap((region) => CAST.map((part) => identityOf(store, region, part)));
}

function identityOf(store: Store, region: Region, part: Part): LabIdentity {
  const username = usernameOf(part, region);
  const staff = staffMember(store.seed, region, username);
  const member = store.memberByName(region, username);
  return {
    name: username,
    region,
    role: part.role,
    username,
    password: passwordOf(username),
    userId: staff?.sub ?? member?.id ?? '',
    kind: staff === undefined ? 'member' : 'staff',
    ownerStates: part.states ?? [],
    canLogIn: canLogIn(part),
    apiKey: member && apiKeyOf(store.seed, member),
    note: part.note,
  };
}

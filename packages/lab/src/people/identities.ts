import { apiKeyOf, staffMember } from '../auth/accounts.ts';
import type { PrincipalKind } from '../auth/keys.ts';
import { type Region, REGIONS } from '../rules/stage.ts';
import type { State } from '../rules/relationship.ts';
import type { Store } from '../store/store.ts';
import { canLogIn, CAST, type CastMember, type Role, usernameOf } from './cast.ts';
import { passwordOf } from './person.ts';

/** A person of the cast, with credentials. `canLogIn` is false for a deleted account. */
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
  /** Sent by their device as `x-api-key`; staff have none. */
  readonly apiKey: string | undefined;
  readonly note: string;
}

export function identitiesOf(store: Store): readonly LabIdentity[] {
  return REGIONS.flatMap((region) => CAST.map((castMember) => identityOf(store, region, castMember)));
}

function identityOf(store: Store, region: Region, castMember: CastMember): LabIdentity {
  const username = usernameOf(castMember, region);
  const staff = staffMember(store.seed, region, username);
  const member = store.memberByName(region, username);
  return {
    name: username,
    region,
    role: castMember.role,
    username,
    password: passwordOf(username),
    userId: staff?.sub ?? member?.id ?? '',
    kind: staff === undefined ? 'member' : 'staff',
    ownerStates: castMember.states ?? [],
    canLogIn: canLogIn(castMember),
    apiKey: member && apiKeyOf(store.seed, member),
    note: castMember.note,
  };
}

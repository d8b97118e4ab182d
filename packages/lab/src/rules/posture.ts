import { type ResourceName, type Rule, isMeant, MEANING, ruleOf } from './meaning.ts';
import { type Standing, standingHere, type State } from './standing.ts';

/** Ways in which a token can be no good. */
export const TOKEN_FLAWS = ['expired', 'alg-none', 'wrong-key', 'wrong-audience'] as const;
export type TokenFlaw = (typeof TOKEN_FLAWS)[number];

/** How one door stands: an operation on a host, by a protocol and a channel. Each switch has a sound side, named first. */
export interface Posture {
  /** `sealed` obeys MEANING; `own` asks for a token of the owner; `members` any good token of either region; `open` nothing. */
  readonly door: 'sealed' | 'own' | 'members' | 'open';
  /** Fields the seal forgot, as `User.location`: any member of the region still reads them. */
  readonly forgotten: readonly string[];
  /** `broad` hides a private profile from its own followers too. */
  readonly block: 'exact' | 'broad';
  /** `shared` serves whoever asks the copy that the owner's own app fetched last. */
  readonly cache: 'keyed' | 'shared';
  /** `mixed` never compares the tenant of a role with the tenant of what it is used on. */
  readonly tenants: 'apart' | 'mixed';
  /** `client` sends everything to every member, with a list of what the app should hide. */
  readonly filter: 'server' | 'client';
  /** `late` writes and then says 403; `caller` says 204 and changes the caller; `unchecked` writes for any member. */
  readonly writes: 'checked' | 'late' | 'caller' | 'unchecked';
  /** `anything` also writes the fields nobody may set through the API. */
  readonly binds: 'declared' | 'anything';
  readonly acceptsTokens: readonly TokenFlaw[];
  /** `unlimited` lets passwords be guessed for ever. */
  readonly logins: 'limited' | 'unlimited';
}

export const SOUND: Posture = {
  door: 'sealed',
  forgotten: [],
  block: 'exact',
  cache: 'keyed',
  tenants: 'apart',
  filter: 'server',
  writes: 'checked',
  binds: 'declared',
  acceptsTokens: [],
  logins: 'limited',
};

/** The sides of every switch; of those that take a list, what may be on it (`forgotten` takes any field of MEANING). */
export const SWITCH_VALUES = {
  door: ['sealed', 'own', 'members', 'open'],
  forgotten: [],
  block: ['exact', 'broad'],
  cache: ['keyed', 'shared'],
  tenants: ['apart', 'mixed'],
  filter: ['server', 'client'],
  writes: ['checked', 'late', 'caller', 'unchecked'],
  binds: ['declared', 'anything'],
  acceptsTokens: TOKEN_FLAWS,
  logins: ['limited', 'unlimited'],
} as const satisfies { readonly [Name in keyof Posture]: readonly (Posture[Name] & string)[] | Posture[Name] };

/** What is looked at: one object of one owner, by a caller who stands so to that owner. */
export interface Look {
  readonly resource: ResourceName;
  readonly standing: Standing;
  readonly states: ReadonlySet<State>;
  /** A rule that the operation adds to the object's own, such as being hidden from search. */
  readonly also?: Rule;
}

/** Whether the door lets the caller know of the object at all. */
export function releasesObject(posture: Posture, look: Look): boolean {
  const seen = asSeen(posture, look);
  return releases(posture, seen, () => meansObject(seen));
}

/** Whether the door hands out one field of an object that it releases. */
export function releasesField(posture: Posture, look: Look, field: string): boolean {
  const seen = asSeen(posture, look);
  return releases(
    posture,
    seen,
    () => isMeant(ruleOf(seen.resource, field), seen.standing, seen.states) || isForgotten(posture, seen, field),
  );
}

/** What MEANING says of the object, whatever the door does. */
export function meansObject(look: Look): boolean {
  return [MEANING[look.resource].object, look.also].every(
    (rule) => rule === undefined || isMeant(rule, look.standing, look.states),
  );
}

/** What MEANING says of one of its fields, whatever the door does. */
export function meansField(look: Look, field: string): boolean {
  return meansObject(look) && isMeant(ruleOf(look.resource, field), look.standing, look.states);
}

/** Whether a caller must be known, and in which region, before the door looks at anything. */
export function refusesCaller(posture: Posture, by: 'anyone' | 'member', standing: Standing): boolean {
  if (by === 'anyone' || posture.door === 'open' || posture.cache === 'shared') return false;
  return posture.door === 'members' ? standing.caller === 'anonymous' : standing.caller !== 'here';
}

/** What becomes of a write: done, done behind a 403, done to the caller instead behind a 204, or not done. */
export type Write = 'take' | 'take-and-refuse' | 'misdirect' | 'refuse';

/** What the door does with a change of what `rule` protects. No door writes for a caller it does not know in its region. */
export function decideWrite(posture: Posture, rule: Rule, standing: Standing, states: ReadonlySet<State>): Write {
  const seen = posture.tenants === 'mixed' ? mixTenants(standing) : standing;
  if (seen.caller !== 'here') return 'refuse';
  if (isMeant(rule, seen, states)) return posture.writes === 'caller' ? 'misdirect' : 'take';
  if (rule.see.length === 0) return posture.binds === 'anything' && seen.relations.has('self') ? 'take' : 'refuse';
  if (posture.writes === 'late') return 'take-and-refuse';
  if (posture.writes === 'caller') return 'misdirect';
  return posture.writes === 'unchecked' ? 'take' : 'refuse';
}

/** Whether a write reached the owner it was aimed at. */
export const reachesOwner = (write: Write, standing: Standing): boolean =>
  write === 'take' || write === 'take-and-refuse' || (write === 'misdirect' && standing.relations.has('self'));

function releases(posture: Posture, { standing, states }: Look, sealed: () => boolean): boolean {
  switch (posture.door) {
    case 'open':
      return true;
    case 'members':
      return standing.caller !== 'anonymous';
    case 'own':
      return standing.relations.has('self');
    default:
      return !(posture.block === 'broad' && states.has('private') && !standing.relations.has('self')) && sealed();
  }
}

const THE_OWNER = standingHere('self');

/** The look as the door takes it, which is not always who is really looking. */
function asSeen(posture: Posture, look: Look): Look {
  if (posture.cache === 'shared') return { ...look, standing: THE_OWNER };
  return posture.tenants === 'mixed' ? { ...look, standing: mixTenants(look.standing) } : look;
}

function mixTenants(standing: Standing): Standing {
  if (standing.inAnotherTenant === undefined) return standing;
  return { ...standing, relations: new Set([...standing.relations, ...standing.inAnotherTenant]) };
}

function isForgotten(posture: Posture, { resource, standing, states }: Look, field: string): boolean {
  return (
    posture.forgotten.includes(`${resource}.${field}`) && standing.relations.has('member') && !states.has('deleted')
  );
}

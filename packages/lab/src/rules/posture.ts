import { type ResourceName, type Rule, isMeant, MEANING, ruleOf } from './meaning.ts';
import type { Standing, State } from './standing.ts';

/**
 * How one door stands: an operation on a host, by a protocol and a channel. `open` asks nothing; `members` any good token of
 * either region; `own` a token of the owner; `sealed` obeys MEANING.
 */
export interface Posture {
  readonly door: 'open' | 'members' | 'own' | 'sealed';
  /** Fields the seal forgot, as `User.location`: any member of the region still reads them. */
  readonly forgotten: readonly string[];
  /** `broad` hides a private profile from its own followers too. */
  readonly block: 'exact' | 'broad';
}

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
  if (posture.door !== 'sealed') return entersUnsealed(posture.door, look.standing);
  if (isBlocked(posture, look)) return false;
  return meansObject(look);
}

/** Whether the door hands out one field of an object that it releases. */
export function releasesField(posture: Posture, look: Look, field: string): boolean {
  if (posture.door !== 'sealed') return entersUnsealed(posture.door, look.standing);
  if (isBlocked(posture, look)) return false;
  if (isMeant(ruleOf(look.resource, field), look.standing, look.states)) return true;
  return (
    posture.forgotten.includes(`${look.resource}.${field}`) &&
    look.standing.relations.has('member') &&
    !look.states.has('deleted')
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
  if (by === 'anyone' || posture.door === 'open') return false;
  return posture.door === 'members' ? standing.caller === 'anonymous' : standing.caller !== 'here';
}

function entersUnsealed(door: 'open' | 'members' | 'own', standing: Standing): boolean {
  if (door === 'own') return standing.relations.has('self');
  return door === 'open' || standing.caller !== 'anonymous';
}

function isBlocked(posture: Posture, { standing, states }: Look): boolean {
  return posture.block === 'broad' && states.has('private') && !standing.relations.has('self');
}

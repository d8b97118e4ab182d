import type { SQLInputValue } from 'node:sqlite';
import type { Write } from '../../rules/posture.ts';
import type { Rule } from '../../rules/meaning.ts';
import type { Member } from '../../store/member.ts';
import { changeOf } from '../../surface/doors.ts';
import { type Answer, type Call, fieldsOf, memberAsked, refuse, Reply, textOf } from '../call.ts';
import { ownedWorkout } from './workout-answers.ts';

/** Which columns of the member table a value from a request sets; undefined where the value is no good. */
type Keep = (value: unknown) => Readonly<Partial<Record<keyof Member, SQLInputValue>>> | undefined;

const onOff =
  (column: keyof Member, on: 0 | 1): Keep =>
  (value) =>
    typeof value === 'boolean' ? { [column]: value ? on : 1 - on } : undefined;
const words =
  (column: keyof Member): Keep =>
  (value) =>
    typeof value === 'string' && value.length < 100 ? { [column]: value } : undefined;

const SETTINGS: Readonly<Record<string, Keep>> = {
  is_profile_private: onOff('is_private', 1),
  age: onOff('hides_age', 0),
  gender: onOff('hides_gender', 0),
  workout_maps_private: onOff('maps_private', 1),
  hide_from_search: onOff('hidden_from_search', 1),
};
const PROFILE: Readonly<Record<string, Keep>> = {
  location: words('location'),
  gender: words('gender'),
  weight: (value) => (typeof value === 'number' && value > 0 ? { weight: value } : undefined),
};

/** Applies a change to whom the door's switches send it, and says what they say of it. */
function apply(call: Call, owner: Member, write: Write, change: (target: Member) => void): Reply {
  const caller = call.principal?.member;
  switch (write) {
    case 'take':
      change(owner);
      return new Reply(200, { status: 'ok' });
    case 'take-and-refuse':
      change(owner);
      return refuse(403, 'FORBIDDEN', 'Not yours to change.');
    case 'misdirect':
      if (caller !== undefined) change(caller);
      return new Reply(204, '');
    case 'refuse':
      return refuse(404, 'NOT_FOUND', 'Not found.');
  }
}

/** Sets those fields of a body that the door declares. Fields behind `never` are ignored, unless the door binds anything. */
const setFields =
  (operation: string, keeps: Readonly<Record<string, Keep>>, body: (call: Call) => unknown): Answer =>
  (call) => {
    const owner = memberAsked(call);
    if (owner === undefined) return undefined;
    const { fields } = changeOf(operation);
    let reply = apply(call, owner, call.gate.decideWrite(OWN_DOOR, owner), () => {});
    for (const [name, value] of Object.entries(fieldsOf(body(call)))) {
      const rule = fields[name];
      if (rule === undefined) return refuse(400, 'BAD_FIELD', `cannot set ${name}`);
      const keep = keeps[name];
      const columns = keep?.(value);
      if (keep !== undefined && columns === undefined) return refuse(400, 'BAD_VALUE', `${name} cannot be that`);
      const write = call.gate.decideWrite(rule, owner);
      const said = apply(call, owner, write, (target) => keepValue(call, target, columns, { [name]: value }));
      if (rule.see.length > 0) reply = said;
    }
    return reply;
  };

const OWN_DOOR: Rule = { see: ['self'] };

function keepValue(
  { store }: Call,
  target: Member,
  columns: ReturnType<Keep>,
  extra: Readonly<Record<string, unknown>>,
): void {
  if (columns !== undefined) store.updateMember(target.key, columns);
  else store.setExtra(store.memberByKey(target.key) ?? target, extra);
}

const settings = setFields('PUT /api/user/{id}/settings', SETTINGS, ({ body }) => fieldsOf(body)['privacy'] ?? body);
const profile = setFields('PUT /api/user/{id}', PROFILE, ({ body }) => body);

const changeRelationship: Answer = (call) => {
  const { store, region, principal, body, gate } = call;
  const me = principal?.member;
  const other = store.memberById(region, textOf(body, 'user_id') ?? '');
  const action = textOf(body, 'action');
  if (me === undefined || other === undefined || other.deleted === 1 || other.key === me.key) return undefined;
  switch (action) {
    case 'follow': {
      const rule = changeOf('POST /api/user/change_relationship').fields['followers'];
      const atOnce = rule !== undefined && gate.decideWrite(rule, other) === 'take';
      if (store.follow(other.key, me.key) !== 'following') store.setFollow(other.key, me.key, atOnce);
      return { me_to_user: store.follow(other.key, me.key) };
    }
    case 'unfollow':
      store.setFollow(other.key, me.key, undefined);
      return { me_to_user: 'none' };
    case 'approve':
      if (store.follow(me.key, other.key) !== 'follow_pending') return undefined;
      store.setFollow(me.key, other.key, true);
      return { user_to_me: 'following' };
    default:
      return refuse(400, 'BAD_ACTION', 'action: follow, unfollow or approve');
  }
};

const deleteWorkout: Answer = (call) => {
  const { store, region, path, gate } = call;
  const found = ownedWorkout(store, region, path['id'] ?? '');
  if (found === undefined) return undefined;
  const { workout, owner } = found;
  const write = gate.decideWrite(OWN_DOOR, owner);
  return apply(call, owner, write, ({ key }) => {
    if (key === owner.key) store.deleteWorkout(workout.key);
  });
};

const suspend: Answer = (call) => {
  const member = memberAsked(call);
  const rule = changeOf('POST /admin/user/{id}/suspend').fields['suspended'];
  if (member === undefined || rule === undefined) return undefined;
  return apply(call, member, call.gate.decideWrite(rule, member), ({ key }) =>
    call.store.updateMember(key, { deleted: 1 }),
  );
};

export const CHANGE_ANSWERS: Readonly<Record<string, Answer>> = {
  'PUT /api/user/{id}/settings': settings,
  'PUT /api/user/{id}': profile,
  'POST /api/user/change_relationship': changeRelationship,
  'DELETE /api/workout/{id}': deleteWorkout,
  'POST /admin/user/{id}/suspend': suspend,
};

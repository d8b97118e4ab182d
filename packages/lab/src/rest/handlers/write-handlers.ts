import type { SQLInputValue } from 'node:sqlite';
import type { Rule } from '../../rules/policy.ts';
import type { Member } from '../../store/member.ts';
import { writeOf } from '../../surface/operations.ts';
import { type Handler, type Call, fieldsOf, memberInPath, refuse, Reply, textOf } from '../call.ts';
import { ownedWorkout } from './workout-handlers.ts';

/** The columns of the member table that a value of a request sets, or undefined if the value is invalid. */
type ToColumns = (value: unknown) => Readonly<Partial<Record<keyof Member, SQLInputValue>>> | undefined;

const flag =
  (column: keyof Member, on: 0 | 1): ToColumns =>
  (value) =>
    typeof value === 'boolean' ? { [column]: value ? on : 1 - on } : undefined;
const shortText =
  (column: keyof Member): ToColumns =>
  (value) =>
    typeof value === 'string' && value.length < 100 ? { [column]: value } : undefined;

const SETTINGS: Readonly<Record<string, ToColumns>> = {
  is_profile_private: flag('is_private', 1),
  age: flag('hides_age', 0),
  gender: flag('hides_gender', 0),
  workout_maps_private: flag('maps_private', 1),
  hide_from_search: flag('hidden_from_search', 1),
};
const PROFILE: Readonly<Record<string, ToColumns>> = {
  location: shortText('location'),
  gender: shortText('gender'),
  weight: (value) => (typeof value === 'number' && value > 0 ? { weight: value } : undefined),
};

interface Target {
  readonly owner: Member;
  readonly rule: Rule;
}

/** Applies a change as the posture has it (to the owner, to the caller, or not at all) and makes the response. */
function applyWrite(call: Call, { owner, rule }: Target, change: (member: Member) => void): Reply {
  const caller = call.principal?.member;
  switch (call.authorizer.decideWrite(rule, owner)) {
    case 'apply':
      change(owner);
      return new Reply(200, { status: 'ok' });
    case 'apply-and-refuse':
      change(owner);
      return refuse(403, 'FORBIDDEN', 'Not yours to change.');
    case 'misdirect':
      if (caller !== undefined) change(caller);
      return new Reply(204, '');
    case 'refuse':
      return refuse(404, 'NOT_FOUND', 'Not found.');
  }
}

/** Sets the fields of a body that the operation declares. Fields under `never` are ignored unless the posture binds anything. */
const setFields =
  (operation: string, toColumns: Readonly<Record<string, ToColumns>>, body: (call: Call) => unknown): Handler =>
  (call) => {
    const owner = memberInPath(call);
    if (owner === undefined) return undefined;
    const { fields } = writeOf(operation);
    let reply = applyWrite(call, { owner, rule: OWNER_ONLY }, () => {});
    for (const [name, value] of Object.entries(fieldsOf(body(call)))) {
      const rule = fields[name];
      if (rule === undefined) return refuse(400, 'BAD_FIELD', `cannot set ${name}`);
      const convert = toColumns[name];
      const columns = convert?.(value);
      if (convert !== undefined && columns === undefined) return refuse(400, 'BAD_VALUE', `${name} cannot be that`);
      const answer = applyWrite(call, { owner, rule }, (member) =>
        saveField(call, member, { columns, extra: { [name]: value } }),
      );
      if (rule.see.length > 0) reply = answer;
    }
    return reply;
  };

const OWNER_ONLY: Rule = { see: ['self'] };

interface FieldChange {
  readonly columns: ReturnType<ToColumns>;
  /** The field and its value, for a field that has no column. */
  readonly extra: Readonly<Record<string, unknown>>;
}

function saveField({ store }: Call, member: Member, { columns, extra }: FieldChange): void {
  if (columns !== undefined) store.updateMember(member.key, columns);
  else store.setExtra(store.memberByKey(member.key) ?? member, extra);
}

const settings = setFields('PUT /api/user/{id}/settings', SETTINGS, ({ body }) => fieldsOf(body)['privacy'] ?? body);
const profile = setFields('PUT /api/user/{id}', PROFILE, ({ body }) => body);

const changeRelationship: Handler = (call) => {
  const { store, region, principal, body, authorizer } = call;
  const me = principal?.member;
  const other = store.memberById(region, textOf(body, 'user_id') ?? '');
  const action = textOf(body, 'action');
  if (me === undefined || other === undefined || other.deleted === 1 || other.key === me.key) return undefined;
  switch (action) {
    case 'follow': {
      const rule = writeOf('POST /api/user/change_relationship').fields['followers'];
      const atOnce = rule !== undefined && authorizer.decideWrite(rule, other) === 'apply';
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

const deleteWorkout: Handler = (call) => {
  const { store, region, path } = call;
  const found = ownedWorkout(store, region, path['id'] ?? '');
  if (found === undefined) return undefined;
  const { workout, owner } = found;
  return applyWrite(call, { owner, rule: OWNER_ONLY }, ({ key }) => {
    if (key === owner.key) store.deleteWorkout(workout.key);
  });
};

const suspend: Handler = (call) => {
  const member = memberInPath(call);
  const rule = writeOf('POST /admin/user/{id}/suspend').fields['suspended'];
  if (member === undefined || rule === undefined) return undefined;
  return applyWrite(call, { owner: member, rule }, ({ key }) => call.store.updateMember(key, { deleted: 1 }));
};

export const WRITE_HANDLERS: Readonly<Record<string, Handler>> = {
  'PUT /api/user/{id}/settings': settings,
  'PUT /api/user/{id}': profile,
  'POST /api/user/change_relationship': changeRelationship,
  'DELETE /api/workout/{id}': deleteWorkout,
  'POST /admin/user/{id}/suspend': suspend,
};

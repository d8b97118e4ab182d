import type { Login } from '../../auth/accounts.ts';
import { ME, SETTINGS } from '../../surface/rest-sights.ts';
import { type Answer, refuse, Reply, textOf } from '../call.ts';
import { settingsEntity, userEntity } from '../entities.ts';

const USERNAME = /^[a-z0-9_]{2,40}$/;

const welcome = ({ claims, sessionId, token }: Login): Reply =>
  new Reply(
    200,
    { session_id: sessionId, user_id: claims.sub, token, token_type: 'Bearer', expires_in: 3600 },
    { 'set-cookie': `cadence_session_id=${sessionId}; Path=/; HttpOnly` },
  );

const logIn: Answer = async ({ accounts, region, body }) => {
  const name = textOf(body, 'username_or_email');
  const password = textOf(body, 'password');
  if (name === undefined || password === undefined) return refuse(400, 'BAD_LOGIN', 'username_or_email and password');
  const login = await accounts.logIn(region, name, password);
  return login === undefined ? refuse(401, 'WRONG_LOGIN', 'No such name with that password.') : welcome(login);
};

const signUp: Answer = async ({ accounts, region, body }) => {
  const username = textOf(body, 'username');
  const password = textOf(body, 'password');
  if (username === undefined || password === undefined || !USERNAME.test(username)) {
    return refuse(400, 'BAD_SIGNUP', 'username of 2 to 40 letters a-z, digits or _, and a password');
  }
  const login = await accounts.signUp(region, username, password);
  return login === undefined ? refuse(409, 'NAME_TAKEN', 'That username is taken.') : welcome(login);
};

const me: Answer = (call) => {
  const { principal } = call;
  return principal?.member === undefined ? undefined : userEntity(call, ME, principal.member);
};

const readSettings: Answer = ({ store, region, path }) => {
  const member = store.memberByName(region, path['id'] ?? '');
  return member && settingsEntity(SETTINGS, member);
};

/** What a settings screen may set, and the column each setting is kept in. */
const SETTABLE: Readonly<Record<string, { readonly column: string; readonly kept: (on: boolean) => 0 | 1 }>> = {
  is_profile_private: { column: 'is_private', kept: (on) => (on ? 1 : 0) },
  age: { column: 'hides_age', kept: (shown) => (shown ? 0 : 1) },
  gender: { column: 'hides_gender', kept: (shown) => (shown ? 0 : 1) },
  workout_maps_private: { column: 'maps_private', kept: (on) => (on ? 1 : 0) },
  hide_from_search: { column: 'hidden_from_search', kept: (on) => (on ? 1 : 0) },
};

const writeSettings: Answer = ({ store, region, principal, path, body }) => {
  const member = store.memberByName(region, path['id'] ?? '');
  if (member === undefined || member.key !== principal?.member?.key) return undefined;
  const privacy = (body as { readonly privacy?: Readonly<Record<string, unknown>> } | null)?.privacy ?? body ?? {};
  const columns: Record<string, 0 | 1> = {};
  for (const [name, value] of Object.entries(privacy)) {
    const setting = SETTABLE[name];
    if (setting === undefined || typeof value !== 'boolean') return refuse(400, 'BAD_SETTING', `cannot set ${name}`);
    columns[setting.column] = setting.kept(value);
  }
  store.updateMember(member.key, columns);
  return settingsEntity(SETTINGS, { ...member, ...columns });
};

export const ACCOUNT_ANSWERS: Readonly<Record<string, Answer>> = {
  'POST /auth/login': logIn,
  'POST /auth/signup': signUp,
  'GET /api/me': me,
  'GET /api/user/{id}/settings': readSettings,
  'PUT /api/user/{id}/settings': writeSettings,
};

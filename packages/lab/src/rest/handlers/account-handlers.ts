import type { Login } from '../../auth/accounts.ts';
import { ME, SETTINGS } from '../../surface/rest-projections.ts';
import { type Handler, memberInPath, refuse, Reply, textOf } from '../call.ts';
import { settingsEntity, userEntity } from '../entities.ts';

const USERNAME = /^[a-z0-9_]{2,40}$/;

const welcome = ({ claims, sessionId, token }: Login): Reply =>
  new Reply(
    200,
    { session_id: sessionId, user_id: claims.sub, token, token_type: 'Bearer', expires_in: 3600 },
    { 'set-cookie': `cadence_session_id=${sessionId}; Path=/; HttpOnly` },
  );

const logIn: Handler = async ({ accounts, authorizer, region, body }) => {
  const name = textOf(body, 'username_or_email');
  const password = textOf(body, 'password');
  if (name === undefined || password === undefined) return refuse(400, 'BAD_LOGIN', 'username_or_email and password');
  const login = await accounts.logIn({ region, name, password, limited: authorizer.posture.logins === 'limited' });
  if (login === 'locked') return refuse(429, 'TOO_MANY_TRIES', 'Try again in an hour.');
  return login === 'wrong' ? refuse(401, 'WRONG_LOGIN', 'No such name with that password.') : welcome(login);
};

const signUp: Handler = async ({ accounts, region, body }) => {
  const username = textOf(body, 'username');
  const password = textOf(body, 'password');
  if (username === undefined || password === undefined || !USERNAME.test(username)) {
    return refuse(400, 'BAD_SIGNUP', 'username of 2 to 40 letters a-z, digits or _, and a password');
  }
  const login = await accounts.signUp(region, username, password);
  return login === undefined ? refuse(409, 'NAME_TAKEN', 'That username is taken.') : welcome(login);
};

const me: Handler = (call) => {
  const { principal } = call;
  return principal?.member === undefined ? undefined : userEntity(call, ME, principal.member);
};

const readSettings: Handler = (call) => {
  const member = memberInPath(call);
  return member && settingsEntity(SETTINGS, member);
};

export const ACCOUNT_HANDLERS: Readonly<Record<string, Handler>> = {
  'POST /auth/login': logIn,
  'POST /auth/signup': signUp,
  'GET /api/me': me,
  'GET /api/user/{id}/settings': readSettings,
};

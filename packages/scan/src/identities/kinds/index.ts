import { apiKey } from './api-key/kind.ts';
import { basic } from './basic/kind.ts';
import { capture } from './capture/kind.ts';
import { login } from './login/kind.ts';
import { session } from './session/kind.ts';
import { token } from './token/kind.ts';

/** Every kind of credential, one line each. */
export const CREDENTIAL_KINDS = { login, token, basic, apiKey, session, capture } as const;

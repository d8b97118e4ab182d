import { ApiKeySource } from './api-key/grammar.ts';
import { JwtSource } from './jwt/grammar.ts';
import { UserinfoSource } from './userinfo/grammar.ts';
import { VerifiedSource } from './verified/grammar.ts';

/** What a kind of principal is recognised by: exactly one of these keys. A new one is a folder here, and one in the guard. */
export const IDENTITY_GRAMMAR = {
  jwt: JwtSource.optional(),
  verified: VerifiedSource.optional(),
  'api-key': ApiKeySource.optional(),
  userinfo: UserinfoSource.optional(),
};

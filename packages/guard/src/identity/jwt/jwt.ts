import { headerValues } from '@leakproof/http';
import { identified, notIdentified } from '../identified.ts';
import { defineIdentity } from '../identity-kind.ts';
import { hostOfKeys, tokenReader } from '../token/verify-token.ts';

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** A JWT in `Authorization: Bearer`. A token that is valid for two kinds is invalid. */
export const jwt = defineIdentity('jwt', {
  traits: (by) => ({ readsAuthorization: true, issuers: hostOfKeys(by) }),
  reader: (kinds, options) => {
    const readToken = tokenReader(
      kinds.map(({ kind, by }) => ({ kind, rules: by })),
      options,
    );
    return {
      find: ({ headers }) => headerValues(headers, 'authorization'),
      read: (credential) => {
        const token = BEARER.exec(credential)?.[1];
        const read = token === undefined ? undefined : readToken(token);
        return read instanceof Promise ? read.then(identified, notIdentified) : identified(read);
      },
    };
  },
});

import type { CompiledContract } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An e-mail address is visible to its owner and the owner's followers, which a lookup returns. */
const CONTRACT = `
leakproof: 1
api:
  servers: { us: { rest: 'http://api.test', internal: 'http://internal.test', ids: us } }
principals:
  member: { jwt: { issuer: crash, audience: api, jwks: jwks.json, algorithms: [ES256] }, id: claims.sub, ids: person }
owners: { person: { subject: true } }
relations: { follower: { of: person, lookup: POST /follows, cache: 5s } }
resources:
  User:
    owner: id
    see: member
    fields: { id: member, email: [self, follower], city: member, password: nobody }
operations:
  GET /users: { by: member, returns: { data: [ User ] }, query: [from, count, pad] }
`;

export interface CrashContract {
  readonly contract: CompiledContract;
  /** A token of the contract's issuer for the person `sub`. */
  readonly sign: (sub: string) => Promise<string>;
}

export async function makeCrashContract(): Promise<CrashContract> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }];
  return {
    contract: loadContractOrThrow('contract.yaml', (path) =>
      path.endsWith('jwks.json')
        ? { file: 'jwks.json', text: JSON.stringify({ keys }) }
        : { file: 'contract.yaml', text: CONTRACT },
    ),
    sign: (sub) =>
      new SignJWT({ iss: 'crash', aud: 'api', sub })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setExpirationTime('2h')
        .sign(privateKey),
  };
}

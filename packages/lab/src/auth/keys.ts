import { exportJWK, generateKeyPair, type CryptoKey, type JSONWebKeySet } from 'jose';

/** Issuers: one for the tokens of members, one for those of staff, with a key each. */
export const ISSUERS = { member: 'cadence', staff: 'cadence-staff' } as const;
export type PrincipalKind = keyof typeof ISSUERS;
export const AUDIENCE = 'api';
export const ALGORITHM = 'ES256';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** The lab's keys: random at every start, whatever the seed, so that a token is valid in one lab only. */
export interface LabKeys {
  readonly member: SigningKey;
  readonly staff: SigningKey;
}

export async function makeKeys(): Promise<LabKeys> {
  const [member, staff] = await Promise.all([makeKey('cadence-1'), makeKey('cadence-staff-1')]);
  return { member, staff };
}

async function makeKey(kid: string): Promise<SigningKey> {
  return { kid, ...(await generateKeyPair(ALGORITHM, { extractable: true })) };
}

/** The content of `/.well-known/jwks.json`: both public keys. */
export async function publishKeys(keys: LabKeys): Promise<JSONWebKeySet> {
  const publish = async ({ kid, publicKey }: SigningKey): Promise<JSONWebKeySet['keys'][number]> => ({
    ...(await exportJWK(publicKey)),
    kid,
    use: 'sig',
    alg: ALGORITHM,
  });
  return { keys: await Promise.all([publish(keys.member), publish(keys.staff)]) };
}

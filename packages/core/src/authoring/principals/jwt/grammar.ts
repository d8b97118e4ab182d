import { z } from 'zod';
import { Duration } from '../../read/duration.ts';

const ASYMMETRIC = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
] as const;

/** How a JWT is verified. */
export const JwtSource = z.strictObject({
  issuer: z.string(),
  audience: z.string(),
  jwks: z.string().meta({ description: 'A file with a JWKS, or its http(s) address.' }),
  algorithms: z
    .array(z.enum(ASYMMETRIC))
    .min(1)
    .meta({ description: 'Ed25519 and EdDSA are two names of one algorithm.' }),
  leeway: Duration.optional().meta({
    description: 'How far the clocks of issuer and guard may differ, for `exp` and `nbf`. Default: 0s, at most 5m.',
  }),
});

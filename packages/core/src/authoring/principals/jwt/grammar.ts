import { z } from 'zod';
import { Duration } from '../../read/duration.ts';
import { SecretSource } from '../secret/grammar.ts';

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

const HMAC = ['HS256', 'HS384', 'HS512'] as const;

/** How a JWT is verified. */
export const JwtSource = z.strictObject({
  issuer: z.string().optional(),
  audience: z.string().optional(),
  unchecked: z
    .array(z.enum(['issuer', 'audience']))
    .optional()
    .meta({ description: 'Claims that its tokens lack, and that are therefore not compared.' }),
  jwks: z.string().optional().meta({ description: 'A file with a JWKS, or its http(s) address.' }),
  secret: SecretSource.optional().meta({
    description: 'Of the algorithms HS256, HS384 and HS512, in place of `jwks`.',
  }),
  algorithms: z
    .array(z.enum([...ASYMMETRIC, ...HMAC]))
    .min(1)
    .meta({ description: 'Ed25519 and EdDSA are two names of one algorithm.' }),
  leeway: Duration.optional().meta({
    description: 'How far the clocks of issuer and guard may differ, for `exp` and `nbf`. Default: 0s, at most 5m.',
  }),
});

import { z } from 'zod';
import { JwtSource } from '../jwt/grammar.ts';

/** A caller that a gateway or mesh has verified. */
export const VerifiedSource = z.strictObject({
  header: z.string().min(1),
  from: z.array(z.string()).min(1).meta({
    description: 'Addresses of the gateways, as blocks: 10.0.0.0/8. The header is believed only from these.',
  }),
  value: z
    .enum(['claims', 'text'])
    .optional()
    .meta({ description: 'claims: JSON in base64url. text: the id itself, as `claims.id`. Default: claims.' }),
  signed: JwtSource.optional().meta({ description: 'The value is a JWT that the gateway has signed.' }),
});

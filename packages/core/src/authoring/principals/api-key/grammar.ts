import { z } from 'zod';
import { SecretSource } from '../secret/grammar.ts';

/** The keys that are known: HMAC-SHA256 of each, with the claims of its principal. */
export const ApiKeys = z.array(
  z
    .object({
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'A digest is HMAC-SHA256 of the key, as 64 digits of 0-9 and a-f.')
        .meta({ description: 'HMAC-SHA256 of the key with `secret`, in hexadecimal: never the key itself.' }),
    })
    .catchall(z.json()),
);

/** An API key, known by its keyed digest. */
export const ApiKeySource = z.strictObject({
  in: z.enum(['header', 'query']),
  name: z.string().min(1).meta({ description: 'Of the header or query parameter.' }),
  secret: SecretSource.meta({ description: 'The key of the digests.' }),
  keys: z
    .union([z.string(), ApiKeys.min(1)])
    .meta({ description: 'A list of { digest, id, … }, or the file that holds it.' }),
});

import { z } from 'zod';

/** RFC 9110 §5.6.2. */
export const TokenText = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'It is not the name of a header or cookie.');

/** Where a secret is. The secret itself is never written in an identities file. */
export const SecretReference = z.union([
  z.strictObject({ env: z.string().meta({ description: 'Name of the environment variable that contains it.' }) }),
  z.strictObject({ file: z.string().meta({ description: 'File that contains it, relative to this file.' }) }),
  z.strictObject({
    exec: z
      .array(z.string())
      .min(1)
      .meta({ description: 'A program and its arguments, run without a shell; its standard output is the secret.' }),
  }),
]);

export type SecretSource = z.infer<typeof SecretReference>;

export const Send = z
  .union([
    z.literal('bearer'),
    z.strictObject({ header: TokenText.meta({ description: 'The header that carries the credential.' }) }),
    z.strictObject({ cookie: TokenText.meta({ description: 'The cookie that carries the credential.' }) }),
  ])
  .default('bearer')
  .meta({ description: 'How the credential is sent. Default: Authorization: Bearer.' });

export const Value: z.ZodType = z.json().meta({
  description: 'JSON. An object with the single key env, file or exec is replaced by the secret found there.',
});

export const Csrf = z
  .strictObject({
    header: TokenText.optional().meta({ description: 'The header that repeats the token.' }),
    body: z.string().min(1).optional().meta({ description: 'The member of a request body that repeats the token.' }),
    cookie: TokenText.meta({ description: 'The cookie that contains the token; its latest value is sent.' }),
  })
  .meta({ description: 'The token against cross-site requests, which is sent besides the cookies.' });

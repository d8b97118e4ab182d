import { z } from 'zod';
import { SecretReference } from '../../secret-source.ts';
import { headerSession } from '../../session.ts';
import { defineCredential, headerValue } from '../credential-kind.ts';

export const basic = defineCredential({
  id: 'basic',
  renews: false,
  schema: z
    .union([
      z.strictObject({
        user: z
          .string()
          .regex(/^[^:\p{Cc}]*$/u, 'A user name has no colon.')
          .meta({ description: 'The user name.' }),
        password: SecretReference,
      }),
      z.strictObject({ from: SecretReference.meta({ description: 'Where USER:PASSWORD is.' }) }),
    ])
    .meta({ description: 'HTTP basic authentication (RFC 7617).' }),
  open: async (source, { name, readSecret }) => {
    const pair =
      'from' in source ? await readSecret(source.from) : `${source.user}:${await readSecret(source.password)}`;
    const encoded = Buffer.from(headerValue(name, pair)).toString('base64');
    return headerSession([['authorization', `Basic ${encoded}`]]);
  },
});

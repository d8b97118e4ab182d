import { z } from 'zod';
import { SecretReference } from '../../secret-source.ts';
import { headerSession } from '../../session.ts';
import { defineCredential, headerValue } from '../credential-kind.ts';

export const basic = defineCredential({
  id: 'basic',
  renews: false,
  schema: z
    .strictObject({
      user: z
        .string()
        .regex(/^[^:\p{Cc}]*$/u, 'A user name has no colon.')
        .meta({ description: 'The user name.' }),
      password: SecretReference,
    })
    .meta({ description: 'HTTP basic authentication (RFC 7617).' }),
  open: async ({ user, password }, { name, readSecret }) => {
    const secret = headerValue(name, await readSecret(password));
    return headerSession([['authorization', `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`]]);
  },
});

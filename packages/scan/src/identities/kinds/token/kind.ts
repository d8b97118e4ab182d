import { z } from 'zod';
import { SecretReference, Send } from '../../secret-source.ts';
import { defineCredential } from '../credential-kind.ts';
import { tokenSession } from '../token-session.ts';

export const token = defineCredential({
  id: 'token',
  renews: false,
  schema: z
    .strictObject({
      from: SecretReference.meta({ description: 'Where the secret is. The secret itself is never written here.' }),
      send: Send,
    })
    .meta({ description: 'An existing credential.' }),
  open: async ({ from, send }, context) => tokenSession(await context.readSecret(from), send, context),
});

import { z } from 'zod';
import { cookieSession, hostnameOf } from '../../cookie-session.ts';
import { Csrf, SecretReference } from '../../secret-source.ts';
import { deadIdentity, defineCredential, headerValue } from '../credential-kind.ts';

export const session = defineCredential({
  id: 'session',
  renews: false,
  schema: z
    .strictObject({
      cookie: SecretReference.meta({ description: 'Where the value of its Cookie header is: "sid=…; csrftoken=…".' }),
      csrf: Csrf.optional(),
      referer: z
        .url({ protocol: /^https?$/ })
        .optional()
        .meta({ description: 'The Referer header, where the API checks it.' }),
    })
    .meta({
      description: 'A session of cookies. They are sent to the host of its server only; rotated ones are followed.',
    }),
  open: async ({ cookie, csrf, referer }, { name, home, readSecret }) => {
    const endpoint = home.endpoints.rest ?? home.endpoints.graphql;
    if (!endpoint) throw deadIdentity(name, `has no server URL at ${home.name}`);
    const text = headerValue(name, await readSecret(cookie));
    return cookieSession({ hostname: hostnameOf(endpoint), cookie: text, csrf, referer });
  },
});

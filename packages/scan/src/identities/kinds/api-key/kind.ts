import { z } from 'zod';
import { SecretReference, TokenText } from '../../secret-source.ts';
import { headerSession, withQuery } from '../../session.ts';
import { defineCredential, headerValue } from '../credential-kind.ts';

export const apiKey = defineCredential({
  id: 'apiKey',
  renews: false,
  schema: z
    .union([
      z.strictObject({ from: SecretReference, header: TokenText }),
      z.strictObject({ from: SecretReference, query: z.string().min(1) }),
    ])
    .meta({ description: 'A key in a header or in a parameter of the query.' }),
  open: async (source, { name, readSecret }) => {
    const key = headerValue(name, await readSecret(source.from));
    if ('header' in source) return headerSession([[source.header.toLowerCase(), key]]);
    const { query } = source;
    return { claims: {}, sign: (_, template) => ({ template: withQuery(template, query, key), credential: [] }) };
  },
});

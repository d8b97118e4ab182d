import { z } from 'zod';

const Name = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'A name is letters, digits, "_", "-" and ".".')
  .meta({ description: 'What reports call this identity. Not its login.' });

const FromElsewhere = z.union([
  z.strictObject({ env: z.string().meta({ description: 'Name of the environment variable that holds it.' }) }),
  z.strictObject({ file: z.string().meta({ description: 'File that holds it, from where this file stands.' }) }),
  z.strictObject({
    exec: z
      .array(z.string())
      .min(1)
      .meta({ description: 'A program and its arguments, run without a shell; its output is the secret.' }),
  }),
]);

const Send = z
  .union([
    z.literal('bearer'),
    z.strictObject({ header: z.string().meta({ description: 'The header that carries the credential.' }) }),
    z.strictObject({ cookie: z.string().meta({ description: 'The cookie that carries the credential.' }) }),
  ])
  .default('bearer')
  .meta({ description: 'Where the credential goes. Default: Authorization: Bearer.' });

const Value: z.ZodType = z.json().meta({
  description: 'JSON. An object of the one key env, file or exec stands for the secret found there.',
});

const Login = z.strictObject({
  path: z
    .string()
    .regex(/^\//, 'A path starts with "/".')
    .meta({ description: 'At the REST door of the identity’s server.' }),
  json: Value.meta({ description: 'The body of the POST.' }),
  pointer: z
    .string()
    .regex(/^(?:\/[^/]*)+$/, 'A JSON pointer starts with "/".')
    .meta({ description: 'Where the credential stands in the answer (RFC 6901), such as /token.' }),
  send: Send,
});

const Token = z.strictObject({
  from: FromElsewhere.meta({ description: 'Where the secret is. It is never written here.' }),
  send: Send,
});

const Identity = z.strictObject({
  name: Name,
  kind: z.string().meta({ description: 'The kind of principal it is, as the contract names it.' }),
  server: z.string().meta({ description: 'The server of the contract where it is at home.' }),
  login: Login.optional().meta({ description: 'How a fresh credential is obtained. Lets the scan log in again.' }),
  token: Token.optional().meta({ description: 'A credential that exists already.' }),
  probe: z
    .string()
    .optional()
    .meta({
      description:
        'An operation without parameters that tells the identity about itself, or "none": it cannot be shown to be alive, ' +
        'so what it does not receive is inconclusive. Default: found in the contract.',
    }),
  relations: z
    .record(z.string(), z.array(Name))
    .optional()
    .meta({
      description:
        'Relation of the contract → identities it holds to. Given at all, every other relation to every other identity is ' +
        'known not to hold; left out, relations that need asking are not known.',
    }),
  states: z.array(z.string()).optional().meta({
    description:
      'States of the contract that hold for it. Given at all, the others are known not to hold; left out, its own reads tell.',
  }),
});

/** The identities file as people write it: docs in packages/scan/README.md. */
export const IdentitiesSource = z.strictObject({
  leakproof: z.literal(1).meta({ description: 'Version of this format.' }),
  identities: z
    .array(Identity)
    .min(1)
    .meta({ description: 'Principals whose credentials you hold. Anonymous is always added.' }),
  inputs: z
    .record(
      z.string(),
      z.record(
        z.string().regex(/^(?:path|query|header|body)\./, 'Write path., query., header. or body. and a name.'),
        z.string(),
      ),
    )
    .optional()
    .meta({
      description:
        'Operation → values that are the same for everybody, such as { "header.platform": web }. Never a value that is somebody’s.',
    }),
  reads: z.array(z.string()).optional().meta({
    description: 'Operations of the contract that only read although their method may write, such as a search by POST.',
  }),
});

export type IdentitiesSource = z.infer<typeof IdentitiesSource>;
export type IdentitySource = IdentitiesSource['identities'][number];
export type SendSource = z.infer<typeof Send>;
export type SecretSource = z.infer<typeof FromElsewhere>;

import { z } from 'zod';

const Name = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'A name is letters, digits, "_", "-" and ".".')
  .meta({ description: 'Name of the identity in reports. Not its login.' });

/** RFC 9110 §5.6.2. */
const TokenText = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'It is not the name of a header or cookie.');

const FromElsewhere = z.union([
  z.strictObject({ env: z.string().meta({ description: 'Name of the environment variable that contains it.' }) }),
  z.strictObject({ file: z.string().meta({ description: 'File that contains it, relative to this file.' }) }),
  z.strictObject({
    exec: z
      .array(z.string())
      .min(1)
      .meta({ description: 'A program and its arguments, run without a shell; its standard output is the secret.' }),
  }),
]);

const Send = z
  .union([
    z.literal('bearer'),
    z.strictObject({ header: TokenText.meta({ description: 'The header that carries the credential.' }) }),
    z.strictObject({ cookie: TokenText.meta({ description: 'The cookie that carries the credential.' }) }),
  ])
  .default('bearer')
  .meta({ description: 'How the credential is sent. Default: Authorization: Bearer.' });

const Value: z.ZodType = z.json().meta({
  description: 'JSON. An object with the single key env, file or exec is replaced by the secret found there.',
});

const Login = z.strictObject({
  path: z
    .string()
    .regex(/^\/[!-~]*$/, 'A path starts with "/" and is percent-encoded.')
    .meta({ description: 'Path at the REST server URL of the identity’s server.' }),
  json: Value.meta({ description: 'The body of the POST request.' }),
  pointer: z
    .string()
    .regex(/^(?:\/[^/]*)+$/, 'A JSON pointer starts with "/".')
    .meta({ description: 'JSON pointer (RFC 6901) of the credential in the response, such as /token.' }),
  send: Send,
});

const Token = z.strictObject({
  from: FromElsewhere.meta({ description: 'Where the secret is. The secret itself is never written here.' }),
  send: Send,
});

const Identity = z.strictObject({
  name: Name,
  kind: z.string().meta({ description: 'Its kind of principal, by the name in the contract.' }),
  server: z.string().meta({ description: 'The server of the contract where its account is.' }),
  login: Login.optional().meta({ description: 'How a new credential is obtained. Allows the scan to log in again.' }),
  token: Token.optional().meta({ description: 'An existing credential.' }),
  probe: z
    .string()
    .optional()
    .meta({
      description:
        'An operation without parameters that returns the identity’s own object, or "none": its credential cannot be checked, ' +
        'so data that it does not receive is inconclusive. Default: found in the contract.',
    }),
  relations: z
    .record(z.string(), z.array(Name))
    .optional()
    .meta({
      description:
        'Relation of the contract → identities to which it holds. If present, it is complete: every other relation does not ' +
        'hold. If absent, relations that need a lookup are unknown.',
    }),
  states: z.array(z.string()).optional().meta({
    description:
      'States of the contract that hold for it. If present, it is complete. If absent, the states are taken from its own reads.',
  }),
});

/** The identities file, documented in packages/scan/README.md. */
export const IdentitiesSource = z.strictObject({
  leakproof: z.literal(1).meta({ description: 'Version of this format.' }),
  identities: z
    .array(Identity)
    .min(1)
    .meta({ description: 'Principals whose credentials you have. The anonymous caller is always added.' }),
  inputs: z
    .record(
      z.string(),
      z.record(
        z.string().regex(/^(?:path|query|header|body)\./, 'Write path., query., header. or body. followed by a name.'),
        z.string(),
      ),
    )
    .optional()
    .meta({
      description:
        'Operation → values that are the same for every caller, such as { "header.platform": web }. Never a value that belongs to a person.',
    }),
  reads: z.array(z.string()).optional().meta({
    description:
      'Operations of the contract that only read although their method may change data, such as a search by POST.',
  }),
});

export type IdentitiesSource = z.infer<typeof IdentitiesSource>;
export type IdentitySource = IdentitiesSource['identities'][number];
export type SendSource = z.infer<typeof Send>;
export type SecretSource = z.infer<typeof FromElsewhere>;

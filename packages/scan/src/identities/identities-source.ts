import { z } from 'zod';
import { CREDENTIAL_KINDS } from './kinds/index.ts';

const Name = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'A name is letters, digits, "_", "-" and ".".')
  .meta({ description: 'Name of the identity in reports. Not its login.' });

const { login, token, basic, apiKey, session, capture } = CREDENTIAL_KINDS;
const optionalCredentials = {
  login: login.schema.optional(),
  token: token.schema.optional(),
  basic: basic.schema.optional(),
  apiKey: apiKey.schema.optional(),
  session: session.schema.optional(),
  capture: capture.schema.optional(),
};

const Identity = z.strictObject({
  name: Name,
  kind: z.string().meta({ description: 'Its kind of principal, by the name in the contract.' }),
  server: z.string().meta({ description: 'The server of the contract where its account is.' }),
  ...optionalCredentials,
  id: z.string().min(1).max(200).optional().meta({
    description: 'The id that the API has for it. Needed only if neither its token nor an operation tells it.',
  }),
  probe: z
    .string()
    .optional()
    .meta({
      description:
        'An operation without parameters, or with the identity’s own id as the only one, that returns its own object; or "none": ' +
        'its credential cannot be checked, ' +
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

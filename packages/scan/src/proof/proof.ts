import { z } from 'zod';

const Names = z.array(z.string());
const Protocol = z.enum(['rest', 'graphql']);

/** `FindingRecord` of the core, as it is read from a file. */
export const FindingRecordSchema = z.strictObject({
  id: z
    .string()
    .regex(/^F-[0-9a-f]{16}$/)
    .meta({
      description:
        'F- and the first 16 hexadecimal digits of the SHA-256 of the JSON array of the other six, in this order.',
    }),
  rule: z.string().meta({ description: 'The check that was not met.' }),
  method: z.string().meta({ description: 'The method of HTTP, or query or mutation.' }),
  path: z.string().meta({ description: 'Path template with {} for every parameter, or the field of GraphQL.' }),
  host: z.string().meta({ description: 'What the host is for: rest or graphql.' }),
  viewer: z.string().meta({ description: 'The closest relation of those who received it to the owner.' }),
  field: z.string().meta({ description: 'Resource.field' }),
});

const Request = z.strictObject({
  as: z.string().meta({ description: 'Name of an identity, or anonymous.' }),
  server: z.string(),
  protocol: Protocol,
  operation: z.string(),
  input: z.record(z.string(), z.string()).meta({
    description:
      'Slot → symbol of the value in it, such as pia.id or pia.Workout.id: a value that the identity reads of itself.',
  }),
});

const Input = Request.omit({ as: true }).extend({
  owner: z.string().meta({ description: 'The owner of the object that is read.' }),
});

const Assertion = z.strictObject({
  attacker: z.string(),
  owner: z.string(),
  server: z.string(),
  at: z.string().meta({ description: 'JSON pointer in the response, * for every array element.' }),
  field: z.string(),
  value: z.string().meta({
    description:
      'Keyed digest of the value that the attacker received, which is the one that the owner reads. The key was not kept, so ' +
      'that a short value cannot be guessed.',
  }),
});

const LadderEntry = z.strictObject({
  server: z.string(),
  protocol: Protocol,
  operation: z.string(),
  at: z.string(),
  resource: z.string(),
  field: z.string(),
  owner: z.string(),
  verdicts: z
    .partialRecord(z.enum(['proven', 'likely', 'inconclusive', 'lost', 'by-design', 'enforced']), Names)
    .meta({ description: 'Verdict → identities that have it.' }),
});

/** A proof that can be replayed and contains no personal data: symbols in place of ids, digests in place of values. */
export const Proof = z.strictObject({
  'leakproof-proof': z.literal(1).meta({ description: 'Version of this format.' }),
  contract: z.string().meta({ description: 'SHA-256 of the compiled contract it was judged by.' }),
  finding: z.strictObject({
    id: z.string(),
    check: z.string(),
    severity: z.string(),
    statement: z.string(),
    protocol: Protocol,
    operation: z.string(),
    relation: z.string(),
    servers: Names,
    fields: Names,
    records: z.array(FindingRecordSchema).meta({ description: 'One for each field.' }),
    attackers: Names,
    owners: Names,
  }),
  needs: Names.meta({ description: 'Operations whose responses contain the values of the inputs.' }),
  requests: z.array(Request).meta({ description: 'In order; each owner first reads its own object.' }),
  inputs: z.array(Input).meta({ description: 'How each owner reads its own object by each operation of the ladder.' }),
  assertions: z.array(Assertion),
  ladder: z.array(LadderEntry).meta({
    description:
      'Every attempt on the same data, on every operation and server that returns it. A leak is closed if all of them are.',
  }),
});

export type Proof = z.infer<typeof Proof>;
export type ProofEntry = Proof['ladder'][number];

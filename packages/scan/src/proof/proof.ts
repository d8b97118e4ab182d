import { z } from 'zod';

const Names = z.array(z.string());
const Protocol = z.enum(['rest', 'graphql']);

const Request = z.strictObject({
  as: z.string().meta({ description: 'Name of an identity, or anonymous.' }),
  server: z.string(),
  protocol: Protocol,
  operation: z.string(),
  input: z.record(z.string(), z.string()).meta({
    description:
      'Slot → symbol of the value in it, such as pia.id or pia.Workout.id: what the identity reads of itself.',
  }),
});

const Input = Request.omit({ as: true }).extend({
  owner: z.string().meta({ description: 'Whose own object it reaches.' }),
});

const Assertion = z.strictObject({
  attacker: z.string(),
  owner: z.string(),
  server: z.string(),
  at: z.string().meta({ description: 'JSON pointer in the answer, * for every element.' }),
  field: z.string(),
  value: z.string().meta({
    description:
      'Keyed digest of what the attacker received, equal to what the owner reads of itself. The key was thrown away: a short ' +
      'value cannot be guessed from it.',
  }),
});

const Rung = z.strictObject({
  server: z.string(),
  protocol: Protocol,
  operation: z.string(),
  at: z.string(),
  resource: z.string(),
  field: z.string(),
  owner: z.string(),
  verdicts: z
    .partialRecord(z.enum(['proven', 'likely', 'inconclusive', 'lost', 'by-design', 'enforced']), Names)
    .meta({ description: 'Verdict → identities it was given for.' }),
});

/** A proof that can be replayed and holds no personal value: symbols instead of ids, digests instead of values. */
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
    attackers: Names,
    owners: Names,
  }),
  needs: Names.meta({ description: 'Operations whose answers bring the values that the requests name.' }),
  requests: z.array(Request).meta({ description: 'In order; each owner first reads its own.' }),
  inputs: z
    .array(Input)
    .meta({ description: 'How each owner reaches its own object through each door of the ladder.' }),
  assertions: z.array(Assertion),
  ladder: z
    .array(Rung)
    .meta({ description: 'Every try of the same fields on every sibling door: closed means all of them are.' }),
});

export type Proof = z.infer<typeof Proof>;
export type ProofEntry = Proof['ladder'][number];

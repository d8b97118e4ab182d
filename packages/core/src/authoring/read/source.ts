import { z } from 'zod';
import { IDENTITY_GRAMMAR } from '../principals/grammar.ts';
import { Duration } from './duration.ts';

// The exposure contract as people write it. Meanings: docs/contract.md. What a value means beyond its JSON type (names of
// relations, shapes, paths) is checked by the compiler, whose messages can name what would be right.

const Name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'A name is letters, digits, "_", "-" and ".".');
const Relations = z.union([z.string(), z.array(z.string()).min(1)]).meta({
  description: 'A relation or several: anyone, member, self, nobody, a kind of principal, or one of `relations`.',
});
const Narrow = z
  .record(z.string(), Relations)
  .meta({ description: 'State → the relations that are left while it holds or is not known. Never widens.' });
const Paths = z.union([z.string(), z.array(z.record(z.string(), z.string()))]);

const Undecided = z
  .string()
  .regex(/\S/, 'Write why it is not decided, such as "one person was asked".')
  .optional()
  .meta({
    description:
      'Why nobody has decided this rule yet. Until then it means the strictest that it could: nobody but the owner.',
  });

const Shape: z.ZodType = z.union([z.string(), z.array(z.unknown()).length(1), z.record(z.string(), z.unknown())]).meta({
  description:
    'plain, any, nothing, a resource, [ shape ], { Resource: [fields] }, { map: shape, key: field }, ' +
    '{ by: member, VALUE: shape, else: drop | shape }, or a container { member: shape | { see, is, instead } | { undecided, is } }.',
});

const FieldRule = z.strictObject({
  see: Relations.optional(),
  undecided: Undecided,
  narrow: Narrow.optional(),
  class: z.string().optional().meta({ description: 'What kind of personal data the field is, such as body.weight.' }),
  instead: z
    .json()
    .optional()
    .meta({ description: 'What takes the place of a withheld value; without it the member is left out.' }),
  of: z.string().optional().meta({ description: 'Only relations to the owners in this role (`as`) count.' }),
  is: Shape.optional().meta({ description: 'What the value is, if it is not a scalar or an array of scalars.' }),
  ref: z.string().optional().meta({ description: 'The value is the id, or an array of ids, of this resource.' }),
  get fields() {
    return z
      .record(z.string(), Field)
      .optional()
      .meta({ description: 'Fields of a nested object of the same owners.' });
  },
});
const Field: z.ZodType = z.union([z.string(), z.array(z.string()).min(1), z.lazy(() => FieldRule)]);

const Resource = z.strictObject({
  owner: Paths.optional().meta({
    description:
      'Where the id of its owner stands: a path, [{ kind: path, as: role }], `parent` (owners of the object it stands in), or `none`.',
  }),
  about: z
    .array(z.record(z.string(), z.string()))
    .optional()
    .meta({ description: 'Whose data it is as well: counted, never a reason to allow access.' }),
  id: z.string().optional().meta({ description: 'The field that holds its own id. Default: id.' }),
  see: z
    .union([Relations, z.strictObject({ to: Relations, narrow: Narrow })])
    .optional()
    .meta({
      description: 'Who may know that the object exists. Default: whoever may see a field besides its id.',
    }),
  narrow: Narrow.optional(),
  fields: z.record(z.string(), Field).optional(),
  aggregate: z
    .strictObject({ of: z.string(), count: z.string(), min: z.int().min(2) })
    .optional()
    .meta({ description: 'A statistic: withheld unless the field `count` says at least `min`.' }),
});

const Lookup = {
  lookup: z
    .string()
    .optional()
    .meta({ description: '"POST /path" at the internal address of the server: docs/lookups.md.' }),
  cache: Duration.optional().meta({ description: 'How long an answer holds. Default: 0s.' }),
};
const ObjectCondition = z.union([z.string(), z.record(z.string(), z.string())]);

const Relation = z.strictObject({
  of: z.string(),
  when: z.string().optional().meta({ description: 'CEL over principal, owner and object.' }),
  object: ObjectCondition.optional().meta({
    description:
      'CEL over the object: what the origin says of its caller. Believed only from a server with `caller: verified`.',
  }),
  until: z
    .string()
    .optional()
    .meta({ description: 'JSON pointer into an answer of the lookup: the time at which it ends.' }),
  ...Lookup,
});

const State = z.strictObject({
  of: z.string(),
  object: ObjectCondition.optional().meta({ description: 'CEL over the object; one, or one for each resource.' }),
  unknown: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the state counts as holding while it is not known. Default: true.' }),
  ...Lookup,
});

const Principal = z.strictObject({
  ...IDENTITY_GRAMMAR,
  id: z.string().optional().meta({
    description: 'Where the id stands: claims.sub. Of API keys claims.id by default; of userinfo in its own id.',
  }),
  ids: z.string().meta({ description: 'The kind of owner whose ids these are.' }),
  everywhere: z.boolean().optional().meta({ description: 'Known at servers of other id spaces too. Default: false.' }),
  space: z
    .string()
    .optional()
    .meta({ description: 'The id space: claims.NAME, or a name. Needed where servers have several.' }),
});

const Operation = z.strictObject({
  by: Relations.optional().meta({ description: 'Who may call it. Left out only where it is `undecided`.' }),
  undecided: Undecided,
  owner: z
    .union([
      z.string(),
      z.strictObject({
        of: z.string(),
        harmless: z.array(z.string()).optional().meta({
          description: 'Query parameters that do not choose the object: the read is made without them.',
        }),
        narrow: Narrow.optional(),
      }),
      z.strictObject({ path: z.string(), narrow: Narrow.optional() }),
      z.strictObject({ body: z.string(), narrow: Narrow.optional() }),
    ])
    .optional()
    .meta({
      description:
        'Whose object it acts on: path.NAME, body.NAME, or { of: OPERATION } that is read first; `narrow` for while a state of that owner holds.',
    }),
  kind: z.string().optional().meta({
    description: 'The kind of owner that `owner: path.NAME` or `body.NAME` is. Default: the one kind of person.',
  }),
  returns: Shape.optional(),
  query: z
    .array(z.string())
    .optional()
    .meta({ description: 'Query parameters it takes; NAME* may stand more than once.' }),
  headers: z.array(z.string()).optional().meta({ description: 'Request headers it takes; they are sent on.' }),
  'response-headers': z.array(z.string()).optional().meta({
    description:
      'Response headers with totals or links between pages, such as x-total-count or link. Only numbers, ranges and links to the API are released.',
  }),
  principal: z.array(z.string()).optional().meta({
    description:
      'Parameters that name the caller: query.NAME, path.NAME, header.NAME, body.NAME, argument.NAME. They must be there and name the authenticated caller; NAME? may be absent.',
  }),
  accepts: z.array(z.string()).optional().meta({ description: 'Members of the request body that may be sent.' }),
  narrow: Narrow.optional().meta({
    description: 'While a state holds for the owner of an object in the response, only these may know of it here.',
  }),
  positional: z.boolean().optional().meta({
    description: 'GraphQL: a withheld list element is null, so that positions are kept. Default: it is removed.',
  }),
  servers: z.array(z.string()).optional(),
  mode: z.enum(['enforce', 'monitor']).optional(),
});

const Server = z.strictObject({
  rest: z.url().optional(),
  graphql: z.url().optional(),
  internal: z.url().optional().meta({ description: 'Where lookups are asked. Default: rest.' }),
  ids: z.string().optional().meta({ description: 'The id space of this server. Default: one for all.' }),
  caller: z
    .enum(['verified'])
    .optional()
    .meta({ description: 'The origin checks who calls it, so its words about its caller are believed.' }),
});

const Budget = z.strictObject({
  per: z.literal('principal'),
  count: z.literal('owners'),
  within: Duration,
  max: z.int().min(1),
  steps: z
    .array(z.enum(['observe', 'delay', 'public-only', '429', 'freeze']))
    .min(1)
    .optional(),
});

const Sections = {
  principals: z.record(Name, Principal),
  owners: z.record(
    Name,
    z.strictObject({ subject: z.boolean().optional().meta({ description: 'A person: counted and budgeted.' }) }),
  ),
  relations: z.record(Name, Relation),
  states: z.record(Name, State),
  resources: z.record(Name, Resource),
  operations: z.record(z.string(), Operation),
};

/** A file that is included: sections only. */
export const PartSource = z.strictObject({
  leakproof: z.literal(1).optional(),
  include: z.array(z.string()).optional(),
  ...z.object(Sections).partial().shape,
});

export const ContractSource = z.strictObject({
  leakproof: z.literal(1).meta({ description: 'Version of this format.' }),
  include: z.array(z.string()).optional().meta({ description: 'Files whose sections are added to this one.' }),
  api: z.strictObject({
    servers: z.record(Name, Server),
    openapi: z
      .string()
      .optional()
      .meta({ description: 'An OpenAPI document: its parameters and request bodies count as declared.' }),
    schema: z.string().optional().meta({ description: 'A GraphQL schema (SDL).' }),
    types: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'GraphQL type → resource, where it is not the resource of its own name.' }),
  }),
  ...z.object(Sections).partial().shape,
  headers: z.array(z.string()).optional().meta({
    description:
      'Request headers that every operation may send, besides those that the guard always sends on and those of the operation.',
  }),
  cookies: z.array(z.string()).optional().meta({
    description:
      'Cookies that the origin gets, besides those that are credentials. Without it: all; with `userinfo`: only credentials.',
  }),
  mode: z.enum(['enforce', 'monitor']).optional(),
  undeclared: z
    .strictObject({
      operations: z.enum(['deny', 'pass']).optional(),
      parameters: z.enum(['deny', 'pass']).optional(),
      fields: z.literal('nobody').optional(),
    })
    .optional(),
  on: z
    .strictObject({
      'no-ledger': z.enum(['refuse', 'pass']).optional(),
      'no-lookup': z.literal('deny').optional(),
      'no-redis': z.literal('local').optional(),
    })
    .optional(),
  budgets: z.array(Budget).optional(),
  foreign: z.union([z.literal(404), z.literal(403)]).optional(),
  get tests() {
    return z.array(CaseSource).optional().meta({ description: 'Examples that `contract test` runs.' });
  },
});

export const CaseSource = z.strictObject({
  name: z.string().meta({ description: 'A sentence that is true when the case holds.' }),
  request: z.string().meta({ description: 'METHOD target, such as "GET /api/user/7".' }),
  server: z.string().optional().meta({ description: 'Name of the server. Default: the first.' }),
  protocol: z.enum(['rest', 'graphql']).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  send: z.json().optional().meta({ description: 'The request body, as JSON.' }),
  as: z
    .union([z.literal('anonymous'), z.strictObject({ kind: z.string(), claims: z.record(z.string(), z.json()) })])
    .meta({ description: 'The caller, with claims that were verified.' }),
  now: z.iso.datetime({ offset: true }).optional().meta({ description: 'The time answers of lookups are read at.' }),
  known: z
    .record(z.string(), z.record(z.string(), z.json()))
    .optional()
    .meta({ description: 'Relation or state → owner id → answer of the lookup. What is not here is unknown.' }),
  owners: z.record(z.string(), z.json()).optional().meta({ description: 'Target of a pre-read → the body it gives.' }),
  origin: z
    .union([z.string(), z.strictObject({ json: z.json() })])
    .optional()
    .meta({ description: 'The body the origin answers: exact text, or { json: … }.' }),
  mode: z.enum(['enforce', 'monitor']).optional(),
  expect: z.strictObject({
    refused: z.int().optional().meta({ description: 'The status of a request that is not let through.' }),
    gone: z
      .boolean()
      .optional()
      .meta({ description: 'Nothing of the body leaves: answered like an absent object, or unreadable.' }),
    body: z
      .union([z.string(), z.strictObject({ json: z.json() })])
      .optional()
      .meta({ description: 'What leaves, byte for byte; { json: … } is compared as compact JSON.' }),
    facts: z
      .array(
        z.strictObject({
          owner: z.string().meta({ description: 'KIND:ID' }),
          resource: z.string(),
          seen: z.array(z.string()).optional(),
          exposed: z.array(z.string()).optional(),
          withheld: z.array(z.string()).optional(),
          undeclared: z
            .int()
            .optional()
            .meta({ description: 'How many members of the object the contract does not declare. Default: 0.' }),
        }),
      )
      .optional()
      .meta({ description: 'Every fact that is recorded, in order.' }),
  }),
});

export type ContractSource = z.infer<typeof ContractSource>;
export type ResourceSource = z.infer<typeof Resource>;
export type OperationSource = z.infer<typeof Operation>;
export type FieldSource = string | readonly string[] | FieldRuleSource;
export interface FieldRuleSource {
  readonly see?: string | readonly string[];
  readonly undecided?: string;
  readonly narrow?: Readonly<Record<string, string | readonly string[]>>;
  readonly class?: string;
  readonly instead?: unknown;
  readonly of?: string;
  readonly is?: unknown;
  readonly ref?: string;
  readonly fields?: Readonly<Record<string, FieldSource>>;
}
export type CaseSource = z.infer<typeof CaseSource>;

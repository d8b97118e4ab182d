import type { Stage } from './stages.ts';

const DETAILS = ['GET /api/workout/{id}', 'GET /api/workout/{id}/performance_graph', 'Query.node'];
/** What the cache in front of the origin keeps: single objects, by their address. */
const CACHED = ['GET /api/user/{id}', 'GET /api/user/{id}/workouts', ...DETAILS.slice(0, 2)];
const SEALED_LATER = { door: 'members', logins: 'unlimited' } as const;

/** Every named state of the lab, the ladder of the incident first. Each says in one sentence what went wrong. */
export const STAGES: readonly Stage[] = [
  {
    name: 'open',
    story: 'As found in January 2021: nobody is asked who they are, and every privacy setting is ignored.',
    switches: [{ set: { door: 'open', logins: 'unlimited' } }],
  },
  {
    name: 'members',
    story: 'The silent fix of 2 February 2021: anonymous callers are refused, any member still reads every other.',
    switches: [{ set: SEALED_LATER }],
  },
  { name: 'sealed', story: "What was promised: every field obeys its owner's settings.", switches: [] },
  {
    name: 'sealed-us-only',
    story: 'Sealed in the US; the UK was forgotten and is where the silent fix left it.',
    switches: [{ region: 'uk', set: SEALED_LATER }],
  },
  {
    name: 'rest-sealed-gql-open',
    story: 'REST is sealed; the GraphQL gateways still ask nothing.',
    switches: [{ protocol: 'graphql', set: { door: 'open' } }],
  },
  {
    name: 'list-sealed-detail-open',
    story: 'Lists are sealed; who knows an id still reads the detail behind it.',
    switches: [{ operations: DETAILS, set: { door: 'members' } }],
  },
  {
    name: 'location-left',
    story: 'All is sealed but one field: the town, also of those whose profile is private.',
    switches: [{ set: { forgotten: ['User.location'] } }],
  },
  {
    name: 'ui-filter-only',
    story: 'The server sends everything with a list of what the app should hide.',
    switches: [{ set: { door: 'members', filter: 'client' } }],
  },
  {
    name: 'block-over-broad',
    story: "Private profiles are shut to everybody, the owner's own followers too: a seal that breaks the product.",
    switches: [{ set: { block: 'broad' } }],
  },
  {
    name: 'cache-leak',
    story: 'Sealed, but a shared cache in front ignores who asks: all get the copy that the owner fetched last.',
    switches: [{ protocol: 'rest', operations: CACHED, set: { cache: 'shared' } }],
  },
  {
    name: 'tenant-mixed',
    story: "Roles are checked, tenants are not: another company's administrator is as good as one's own.",
    switches: [{ set: { tenants: 'mixed' } }],
  },
  {
    name: 'write-open',
    story: 'Reads are sealed; writes are checked too late, aimed at the wrong person, or not checked at all.',
    switches: [
      { operations: ['PUT /api/user/{id}/settings', 'DELETE /api/workout/{id}'], set: { writes: 'late' } },
      { operations: ['PUT /api/user/{id}'], set: { writes: 'caller', binds: 'anything' } },
      { operations: ['POST /api/user/change_relationship', 'Mutation.follow'], set: { writes: 'unchecked' } },
      { operations: ['POST /admin/user/{id}/suspend'], set: { writes: 'unchecked' } },
      { operations: ['POST /api/organization/{org}/challenges'], set: { writes: 'late' } },
    ],
  },
  {
    name: 'mobile-forgotten',
    story: 'Sealed on the web; the same doors by the phone app and the bike are where the silent fix left them.',
    switches: [
      { channel: 'mobile', set: { door: 'members' } },
      { channel: 'device', set: { door: 'members' } },
    ],
  },
  {
    name: 'v1-forgotten',
    story: 'Sealed, but the version before this one still answers.',
    switches: [{ operations: ['GET /v1/user/{id}'], set: { door: 'open' } }],
  },
  {
    name: 'tokens-unchecked',
    story:
      'Sealed, but tokens are read and not verified: expired, unsigned, signed by anybody, meant for another service.',
    switches: [{ set: { acceptsTokens: ['expired', 'alg-none', 'wrong-key', 'wrong-audience'], logins: 'unlimited' } }],
  },
];

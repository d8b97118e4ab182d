import { LabError } from '../lab-error.ts';
import type { Stage } from './stage.ts';

const DETAILS = ['GET /api/workout/{id}', 'GET /api/workout/{id}/performance_graph', 'Query.node'];
/** Operations cached in front of the origin: single objects, by their URL. */
const CACHED = ['GET /api/user/{id}', 'GET /api/user/{id}/workouts', ...DETAILS.slice(0, 2)];
const SILENT_FIX = { access: 'members', logins: 'unlimited' } as const;

/** The stages of the lab: the three of the incident first, then one for each kind of mistake. `story` says what went wrong. */
export const STAGES: readonly Stage[] = [
  {
    name: 'open',
    story: 'As found in January 2021: no authentication, and every privacy setting is ignored.',
    switches: [{ set: { access: 'open', logins: 'unlimited' } }],
  },
  {
    name: 'members',
    story: 'The silent fix of 2 February 2021: authentication is required, but any member can read any other.',
    switches: [{ set: SILENT_FIX }],
  },
  { name: 'sealed', story: "As promised: every field obeys its owner's settings.", switches: [] },
  {
    name: 'sealed-us-only',
    story: 'Sealed in the US; the UK was forgotten and still has the silent fix only.',
    switches: [{ region: 'uk', set: SILENT_FIX }],
  },
  {
    name: 'rest-sealed-gql-open',
    story: 'REST is sealed; the GraphQL gateways require no authentication.',
    switches: [{ protocol: 'graphql', set: { access: 'open' } }],
  },
  {
    name: 'list-sealed-detail-open',
    story: 'Lists are sealed; any member who knows an id can read the object.',
    switches: [{ operations: DETAILS, set: { access: 'members' } }],
  },
  {
    name: 'location-left',
    story: 'Everything is sealed but one field: the town, also of private profiles.',
    switches: [{ set: { forgotten: ['User.location'] } }],
  },
  {
    name: 'ui-filter-only',
    story: 'The server returns every field, with a list of those that the app should hide.',
    switches: [{ set: { access: 'members', filter: 'client' } }],
  },
  {
    name: 'block-over-broad',
    story: 'Private profiles are hidden from everybody, accepted followers included: a fix that breaks the product.',
    switches: [{ set: { block: 'broad' } }],
  },
  {
    name: 'cache-leak',
    story: 'Sealed, but a shared cache ignores the caller: everybody gets the response cached for the owner.',
    switches: [{ protocol: 'rest', operations: CACHED, set: { cache: 'shared' } }],
  },
  {
    name: 'tenant-mixed',
    story: 'Roles are checked, tenants are not: the administrator of one company has that role in every other.',
    switches: [{ set: { tenants: 'mixed' } }],
  },
  {
    name: 'write-open',
    story: 'Reads are sealed; writes are checked too late, applied to the wrong member, or not checked at all.',
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
    story:
      'Sealed on the web; the same operations, called by the phone app or the bike, still have the silent fix only.',
    switches: [
      { channel: 'mobile', set: { access: 'members' } },
      { channel: 'device', set: { access: 'members' } },
    ],
  },
  {
    name: 'v1-forgotten',
    story: 'Sealed, but the previous API version is still served without authentication.',
    switches: [{ operations: ['GET /v1/user/{id}'], set: { access: 'open' } }],
  },
  {
    name: 'tokens-unchecked',
    story:
      'Sealed, but tokens are not verified: expired, unsigned, signed with any key, or issued for another service.',
    switches: [{ set: { acceptsTokens: ['expired', 'alg-none', 'wrong-key', 'wrong-audience'], logins: 'unlimited' } }],
  },
];

/** The stage called `name`. Throws LP-LAB-STAGE. */
export function stageNamed(name: string): Stage {
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (stage === undefined) {
    throw new LabError('LP-LAB-STAGE', `there is no stage "${name}": ${STAGES.map((each) => each.name).join(', ')}`);
  }
  return stage;
}

import { ORGS } from '../../people/cast.ts';
import { hexId } from '../../people/seeded-hash.ts';
import { writeOf } from '../../surface/operations.ts';
import { CHALLENGE_ROW, ORG_MEMBER_ROW, PROGRAMME_ROW } from '../../surface/rest-projections.ts';
import { userValue } from '../../values/user-values.ts';
import { type Handler, type Call, refuse, Reply, textOf } from '../call.ts';
import { userEntity } from '../entities.ts';
import { Entity, type Tree } from '../render.ts';

const orgInPath = ({ path }: Call): string | undefined => ORGS.find((org) => org === path['org']);

const members: Handler = (call) => {
  const org = orgInPath(call);
  if (org === undefined) return undefined;
  return { data: call.store.membersOfOrg(call.region, org).map((member) => userEntity(call, ORG_MEMBER_ROW, member)) };
};

const programme: Handler = (call) => {
  const org = orgInPath(call);
  if (org === undefined) return undefined;
  const { store, region } = call;
  const joined = store.membersOfOrg(region, org).filter((member) => member.joined_programme === 1);
  return {
    data: joined.map(
      (member) =>
        new Entity({
          projection: PROGRAMME_ROW,
          owner: member,
          values: (field) =>
            field === 'total_work'
              ? store
                  .workoutsOf(member.key, { limit: 1000, offset: 0 })
                  .reduce((sum, { total_work }) => sum + total_work, 0)
              : userValue(member, field, call),
        }),
    ),
  };
};

const challenges: Handler = (call) => {
  const org = orgInPath(call);
  if (org === undefined) return undefined;
  const { store, region } = call;
  const values: Readonly<Record<string, Tree>> = {
    id: hexId(store.seed, 91, ORGS.indexOf(org)),
    org,
    title: store.orgTitle(region, org) ?? `The ${org} hundred`,
    target_workouts: 100,
    budget: 10_000 + ORGS.indexOf(org) * 777,
    contact_email: `wellness@${org}.lab.test`,
  };
  return { data: [new Entity({ projection: CHALLENGE_ROW, owner: org, values: (field) => values[field] })] };
};

const nameChallenge: Handler = (call) => {
  const { store, region, authorizer, body } = call;
  const org = orgInPath(call);
  const title = textOf(body, 'title');
  const rule = writeOf('POST /api/organization/{org}/challenges').fields['title'];
  if (org === undefined || rule === undefined) return undefined;
  if (title === undefined) return refuse(400, 'BAD_TITLE', 'title');
  const write = authorizer.decideWrite(rule, org);
  if (write === 'apply' || write === 'apply-and-refuse') store.setOrgTitle(region, org, title);
  if (write === 'apply') return new Reply(200, { status: 'ok' });
  return write === 'apply-and-refuse' ? refuse(403, 'FORBIDDEN', 'Not yours to change.') : undefined;
};

export const ORG_HANDLERS: Readonly<Record<string, Handler>> = {
  'GET /api/organization/{org}/members': members,
  'GET /api/organization/{org}/programme': programme,
  'GET /api/organization/{org}/challenges': challenges,
  'POST /api/organization/{org}/challenges': nameChallenge,
};

import { ORGS } from '../../people/cast.ts';
import { hexId } from '../../people/scramble.ts';
import { changeOf } from '../../surface/doors.ts';
import { CHALLENGE_ROW, ORG_MEMBER_ROW, PROGRAMME_ROW } from '../../surface/rest-sights.ts';
import { userValue } from '../../values/user-values.ts';
import { type Answer, type Call, refuse, Reply, textOf } from '../call.ts';
import { userEntity } from '../entities.ts';
import { Entity, type Tree } from '../render.ts';

const orgAsked = ({ path }: Call): string | undefined => ORGS.find((org) => org === path['org']);

const members: Answer = (call) => {
  const org = orgAsked(call);
  if (org === undefined) return undefined;
  return { data: call.store.membersOfOrg(call.region, org).map((member) => userEntity(call, ORG_MEMBER_ROW, member)) };
};

const programme: Answer = (call) => {
  const org = orgAsked(call);
  if (org === undefined) return undefined;
  const { store, region } = call;
  const joined = store.membersOfOrg(region, org).filter((member) => member.joined_programme === 1);
  return {
    data: joined.map(
      (member) =>
        new Entity(PROGRAMME_ROW, member, (field) =>
          field === 'total_work'
            ? store
                .workoutsOf(member.key, { limit: 1000, offset: 0 })
                .reduce((sum, { total_work }) => sum + total_work, 0)
            : userValue(member, field, call),
        ),
    ),
  };
};

const challenges: Answer = (call) => {
  const org = orgAsked(call);
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
  return { data: [new Entity(CHALLENGE_ROW, org, (field) => values[field])] };
};

const nameChallenge: Answer = (call) => {
  const { store, region, gate, body } = call;
  const org = orgAsked(call);
  const title = textOf(body, 'title');
  const rule = changeOf('POST /api/organization/{org}/challenges').fields['title'];
  if (org === undefined || rule === undefined) return undefined;
  if (title === undefined) return refuse(400, 'BAD_TITLE', 'title');
  const write = gate.decideWrite(rule, org);
  if (write === 'take' || write === 'take-and-refuse') store.setOrgTitle(region, org, title);
  if (write === 'take') return new Reply(200, { status: 'ok' });
  return write === 'take-and-refuse' ? refuse(403, 'FORBIDDEN', 'Not yours to change.') : undefined;
};

export const ORG_ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/organization/{org}/members': members,
  'GET /api/organization/{org}/programme': programme,
  'GET /api/organization/{org}/challenges': challenges,
  'POST /api/organization/{org}/challenges': nameChallenge,
};

import { describe, expect, test } from 'vitest';
import { isAllowed, POLICY, type ResourceName, ruleOf } from './policy.ts';
import {
  ANONYMOUS_RELATIONSHIP,
  FOREIGN_RELATIONSHIP,
  type Relation,
  type Relationship,
  localRelationship,
  type State,
} from './relationship.ts';

const as = (...relations: readonly Relation[]): Relationship => localRelationship(...relations);
const STRANGER = as();

/* Written by hand from what Cadence promised, independently of the policy. */
const PROMISES: readonly (readonly [string, Relationship, string, readonly State[], boolean])[] = [
  ['a stranger', STRANGER, 'User.username', ['private'], true],
  ['a stranger', STRANGER, 'User.image_url', ['private'], true],
  ['a stranger', STRANGER, 'User.location', [], true],
  ['a stranger', STRANGER, 'User.location', ['private'], false],
  ['a stranger', STRANGER, 'User.location', ['minor'], false],
  ['a follower', as('follower'), 'User.location', ['private'], true],
  ['a pending follower', as('pending'), 'User.location', ['private'], false],
  ['a classmate', as('classmate'), 'User.location', ['private'], false],
  ['a tag-mate', as('tagmate'), 'User.age', ['private'], false],
  ['a colleague', as('colleague'), 'User.location', ['private'], false],
  ['support', as('support'), 'User.location', ['private'], true],
  ['a guardian', as('guardian'), 'User.location', ['minor'], true],
  ['an anonymous caller', ANONYMOUS_RELATIONSHIP, 'User.username', [], false],
  ['a member of the other region', FOREIGN_RELATIONSHIP, 'User.username', [], false],
  ['a stranger', STRANGER, 'User.age', [], true],
  ['a stranger', STRANGER, 'User.age', ['hides_age'], false],
  ['a follower', as('follower'), 'User.age', ['hides_age'], false],
  ['a follower', as('follower'), 'User.age', ['hides_gender'], true],
  ['a follower', as('follower'), 'User.gender', ['hides_gender'], false],
  ['support', as('support'), 'User.age', ['hides_age'], false],
  ['the owner', as('self'), 'User.age', ['hides_age', 'private'], true],
  ['a follower', as('follower'), 'User.weight', [], false],
  ['support', as('support'), 'User.weight', [], false],
  ['the owner', as('self'), 'User.weight', ['private'], true],
  ['support', as('support'), 'User.email', [], false],
  ['the owner', as('self'), 'User.password_hash', [], false],
  ['the owner', as('self'), 'User.facebook_access_token', [], false],
  ['a stranger', STRANGER, 'User.username', ['hidden_from_search'], true],
  ['the owner', as('self'), 'User.username', ['deleted'], false],
  ['support', as('support'), 'User.username', ['deleted'], false],
  ['a stranger', STRANGER, 'Workout.total_work', [], true],
  ['a stranger', STRANGER, 'Workout.total_work', ['private'], false],
  ['a follower', as('follower'), 'Workout.total_work', ['private'], true],
  ['a follower', as('follower'), 'PerformanceGraph.heart_rate', [], false],
  ['the owner', as('self'), 'PerformanceGraph.heart_rate', ['private'], true],
  ['a stranger', STRANGER, 'PerformanceGraph.coordinates', [], false],
  ['a follower', as('follower'), 'PerformanceGraph.coordinates', ['private'], true],
  ['a follower', as('follower'), 'PerformanceGraph.coordinates', ['maps_private'], false],
  ['support', as('support'), 'PerformanceGraph.coordinates', [], false],
  ['a stranger', STRANGER, 'FollowerList.followers', ['private'], false],
  ['a coach', as('colleague', 'coach'), 'ProgrammeEntry.total_workouts', ['private'], true],
  ['a coach', as('colleague', 'coach'), 'Workout.total_work', ['private'], false],
  ['a colleague', as('colleague'), 'ProgrammeEntry.total_workouts', [], false],
  ['an administrator', as('colleague', 'org_admin'), 'OrgMember.username', ['private'], true],
  ['an administrator', as('colleague', 'org_admin'), 'ProgrammeEntry.total_workouts', [], false],
  ['a colleague', as('colleague'), 'Challenge.title', [], true],
  ['a colleague', as('colleague'), 'Challenge.budget', [], false],
  ['an anonymous caller', ANONYMOUS_RELATIONSHIP, 'Instructor.bio', [], true],
];

test.each(PROMISES)('to %s, promise %# is kept', (_, relationship, ...[path, states, promised]) => {
  const [resource = '', field = ''] = path.split('.');
  const holding = new Set(states);
  const name = resource as ResourceName;
  const { object } = POLICY[name];
  expect(isAllowed(object, relationship, holding) && isAllowed(ruleOf(name, field), relationship, holding)).toBe(
    promised,
  );
});

describe('a state', () => {
  const FIELDS = Object.entries(POLICY).flatMap(([resource, { fields }]) =>
    Object.keys(fields).map((field) => [resource as ResourceName, field] as const),
  );
  const ALL: readonly Relation[] = ['self', 'follower', 'guardian', 'support', 'coach', 'org_admin', 'colleague'];

  test.each(FIELDS)('never widens who sees %s.%s', (resource, field) => {
    const rule = ruleOf(resource, field);
    for (const relation of ALL) {
      for (const state of ['private', 'minor', 'hides_age', 'hides_gender', 'maps_private', 'deleted'] as const) {
        const wider = isAllowed(rule, as(relation), new Set([state])) && !isAllowed(rule, as(relation), new Set());
        expect(wider).toBe(false);
      }
    }
  });
});

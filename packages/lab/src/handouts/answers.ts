import type { Relation, State } from '../rules/relationship.ts';
import type { ResourceName } from '../rules/policy.ts';

/** What one line of the answers file says, and which fields of the policy it is about. */
export interface Answer {
  /** `RESOURCE` or `RESOURCE.CLASS`, where a class is what kind of personal data a field is. */
  readonly about: string;
  readonly says: string;
  readonly resource: ResourceName;
  readonly fields: readonly string[] | 'all';
  readonly see: readonly Relation[];
  readonly narrow?: { readonly state: State; readonly to: readonly Relation[] };
}

const OWNER_ONLY = { says: 'self', see: ['self'] } as const;
const HIDDEN_WHILE_PRIVATE = {
  says: 'member, narrowed by is_profile_private to self or authed_user_follows',
  see: ['member'],
  narrow: { state: 'private', to: ['self', 'follower'] },
} as const;

/**
 * What a person who knows Cadence answers when asked who may see what: at most seven lines. They say less than the policy: nothing
 * of minors, of hidden ages and maps, of what only the owner may see of a workout, of organisations, or of what nobody asked about.
 */
export const ANSWERS: readonly Answer[] = [
  { about: 'User.contact', resource: 'User', fields: ['email', 'obfuscated_email', 'phone_number'], ...OWNER_ONLY },
  { about: 'User.body', resource: 'User', fields: ['weight', 'height'], ...OWNER_ONLY },
  { about: 'User.demographic.age', resource: 'User', fields: ['age', 'age_range'], ...HIDDEN_WHILE_PRIVATE },
  { about: 'User.demographic.gender', resource: 'User', fields: ['gender'], ...HIDDEN_WHILE_PRIVATE },
  { about: 'User.location', resource: 'User', fields: ['location'], ...HIDDEN_WHILE_PRIVATE },
  { about: 'Workout', resource: 'Workout', fields: 'all', ...HIDDEN_WHILE_PRIVATE },
  { about: 'PerformanceGraph', resource: 'PerformanceGraph', fields: 'all', ...HIDDEN_WHILE_PRIVATE },
];

/** The answers as a file (YAML). */
export const writeAnswers = (): string => ANSWERS.map(({ about, says }) => `${about}: ${says}\n`).join('');

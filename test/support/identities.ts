import { IdentitiesSource } from '@leakproof/scan';
import type { Lab, LabIdentity } from '@leakproof/lab';

/** Who follows whom, and who is whose guardian, by name; the same in every region. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  fay: ['olga', 'pia', 'hugo', 'vip', 'hida'],
  olga: ['hugo', 'mina', 'cole'],
  pia: ['olga'],
  hugo: ['olga'],
  vip: ['olga'],
  mina: ['olga'],
  hida: ['olga'],
  cole: ['olga'],
};
const GUARDS: Readonly<Record<string, readonly string[]>> = { gwen: ['mina'] };

/** The identities file for some people of the lab, in every region. */
export function identitiesFor(lab: Lab, names: readonly string[], states: ReadonlySet<string>): IdentitiesSource {
  const people = lab.identities.filter((each) => each.canLogIn && names.includes(baseName(each)));
  const present = new Set(people.map(({ name }) => name));
  const related = (table: typeof FOLLOWS, person: LabIdentity): string[] =>
    (table[baseName(person)] ?? [])
      .map((name) => (person.region === 'us' ? name : `${name}_${person.region}`))
      .filter((name) => present.has(name));
  return IdentitiesSource.parse({
    leakproof: 1,
    identities: people.map((person) => ({
      name: person.name,
      kind: person.kind,
      server: person.region,
      login: {
        path: '/auth/login',
        json: { username_or_email: person.username, password: person.password },
        pointer: '/token',
      },
      relations: { follower: related(FOLLOWS, person), guardian: related(GUARDS, person) },
      states: person.ownerStates.filter((state) => states.has(state)),
    })),
    reads: ['POST /stats/workouts/details'],
  });
}

function baseName({ name, region }: LabIdentity): string {
  return name.endsWith(`_${region}`) ? name.slice(0, -region.length - 1) : name;
}

// The whole product on one story. `npm run demo`; exit 1 if one cell differs from the oracle.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startCadence } from '../support/cadence.ts';
import { type Act, printAct } from './act.ts';
import { playAccount } from './acts/account.ts';
import { playBudget } from './acts/budget.ts';
import { playMembers } from './acts/members.ts';
import { playOpen } from './acts/open.ts';
import { playSealed } from './acts/sealed.ts';
import { ladderOf } from './ladder.ts';
import { renderPage } from './page.ts';

const MEMBERS = 1_000;
const FIELDS = ['User.username', 'User.location', 'User.age', 'User.gender', 'User.weight', 'Workout.total_work'];

const started = performance.now();
const acts: Act[] = [];
const show = (act: Act): void => {
  acts.push(act);
  printAct(act);
};

const cadence = await startCadence({ members: MEMBERS, stage: 'open' });
const open = await playOpen(cadence, MEMBERS);
show(open.act);
const members = await playMembers(cadence, open.scan);
show(members.act);
const sealed = await playSealed(cadence, open.scan);
show(sealed.act);
const guarded = await cadence.guard({ patient: true });
const budget = await playBudget(cadence, guarded, MEMBERS / 2);
show(budget.act);
await guarded.guard.close();
show(playAccount(guarded, budget));
await guarded.close();
await cadence.close();

const page = resolve(import.meta.dirname, '../../.leakproof/demo/index.html');
mkdirSync(resolve(page, '..'), { recursive: true });
const seconds = (performance.now() - started) / 1000;
writeFileSync(
  page,
  renderPage({
    acts,
    ladders: [
      ladderOf('As found', 'No login is required.', open.scan.cells),
      ladderOf('After the first fix', 'A login is required, and nothing else is checked.', members.scan.cells),
      ladderOf('Behind the guard', 'The same open origin, behind the guard.', sealed.scan.cells),
    ],
    before: FIELDS.map((field) => ({ field, people: open.loot.withField(field) })),
    after: FIELDS.map((field) => ({ field, people: budget.loot.withField(field) })),
    seconds,
  }),
);
const failed = acts.flatMap(({ assertions: claims }) => claims).filter(({ holds }) => !holds).length;
process.stdout.write(
  `\n${failed === 0 ? 'Every assertion holds.' : `${failed} assertions do not hold.`} ${seconds.toFixed(1)} s. Look at it: ${page}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../../support/cadence.ts';
import { type Act, assertThat, assertSame } from '../act.ts';
import { keysOf, replayAt, scanAt, truthOf } from '../scan-cadence.ts';

export interface MembersAct {
  readonly act: Act;
  readonly scan: ScanResult;
}

/** ② The silent fix of 2 February: a login is required, and nothing else is checked. */
export async function playMembers(cadence: Cadence, before: ScanResult): Promise<MembersAct> {
  cadence.lab.setStage('members');
  const scan = await scanAt(cadence, cadence.lab.port);
  const verdict = await replayAt(cadence, cadence.lab.port, before);
  cadence.lab.setStage('open');
  const truth = truthOf('members');
  const proven = scan.cells.filter((cell) => cell.verdict === 'proven');
  const anonymous = proven.filter((cell) => cell.attacker === 'anonymous').length;
  const wasAnonymous = before.cells.filter((cell) => cell.verdict === 'proven' && cell.attacker === 'anonymous').length;
  const violations = new Set([...truth].filter(([, each]) => each === 'violation').map(([key]) => key));
  return {
    scan,
    act: {
      number: 2,
      title: 'Members: half fixed',
      story: 'The first fix adds a login. Any free account still reads every private profile.',
      figures: [
        { label: 'cells open to anonymous callers before', value: String(wasAnonymous) },
        { label: 'now', value: String(anonymous) },
        { label: 'cells still open to any member', value: String(proven.length - anonymous) },
        { label: 'verdict of the replayed proof', value: verdict },
      ],
      assertions: [
        assertThat('anonymous callers get nothing', anonymous === 0),
        assertThat('any member still does', proven.length > 0),
        assertThat('the proof of act one, replayed, is half fixed', verdict === 'half fixed', verdict),
        assertSame(
          'scan proved exactly the cells the oracle calls violations',
          keysOf(scan.cells, ['proven'], truth),
          violations,
        ),
      ],
    },
  };
}

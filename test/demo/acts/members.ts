import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../../support/cadence.ts';
import { type Act, claim, same } from '../act.ts';
import { keysOf, replayAt, scanAt, truthOf } from '../setting.ts';

export interface MembersAct {
  readonly act: Act;
  readonly scan: ScanResult;
}

/** ② The silent fix of 2 February: a login is asked for, and nothing else. */
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
      title: 'Members: half fixed, and never green',
      story: 'The first fix adds a login. Any free account still reads every private profile.',
      figures: [
        { label: 'cells open to anybody before', value: String(wasAnonymous) },
        { label: 'now', value: String(anonymous) },
        { label: 'cells still open to any member', value: String(proven.length - anonymous) },
        { label: 'what replaying the proof says', value: verdict },
      ],
      claims: [
        claim('the doors are closed to those without an account', anonymous === 0),
        claim('and open to any member', proven.length > 0),
        claim('the proof of act one, replayed, says half fixed', verdict === 'half fixed', verdict),
        same(
          'scan proved exactly the cells the oracle calls violations',
          keysOf(scan.cells, ['proven'], truth),
          violations,
        ),
      ],
    },
  };
}

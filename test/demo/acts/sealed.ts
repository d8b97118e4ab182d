import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../../support/cadence.ts';
import { scanKey } from '../../support/oracle-keys.ts';
import { type Act, assertThat, assertSame } from '../act.ts';
import { keysOf, replayAt, scanAt, truthOf } from '../scan-cadence.ts';

export interface SealedAct {
  readonly act: Act;
  readonly scan: ScanResult;
}

/** ③ The guard in front of the same open origin, which is not changed. */
export async function playSealed(cadence: Cadence, before: ScanResult): Promise<SealedAct> {
  const guarded = await cadence.guard({ budgets: [], patient: true });
  const scan = await scanAt(cadence, guarded.guard.port);
  const replayed = await replayAt(cadence, guarded.guard.port, before);
  const { released, refused, faults } = guarded.guard.counts;
  await guarded.close();
  // The origin is as open as before; only what its rules allow may be received now.
  const truth = truthOf('open');
  const received = keysOf(scan.cells, ['proven', 'by-design'], truth);
  const allowed = new Set(
    [...truth].filter(([, verdict]) => verdict === 'allowed' || verdict === 'lost').map(([key]) => key),
  );
  const lost = scan.cells.filter((cell) => cell.verdict === 'lost');
  return {
    scan,
    act: {
      number: 3,
      title: 'Sealed: the guard in front of the unchanged origin',
      story:
        'The same scan, through the guard. Every response is judged field by field, and nothing is released before it is recorded.',
      figures: [
        { label: 'findings', value: String(scan.findings.length) },
        { label: 'verdict of the replayed proof', value: replayed },
        { label: 'responses released', value: String(released) },
        { label: 'requests refused', value: String(refused) },
        { label: 'cells that owners and followers are allowed', value: String(allowed.size) },
      ],
      assertions: [
        assertThat('the proof of act one, replayed, is closed', replayed === 'closed', replayed),
        assertThat('the scan finds nothing', scan.findings.length === 0, scan.findings.map(({ id }) => id).join(', ')),
        assertThat(
          'no owner and no follower lost anything',
          lost.length === 0,
          lost.slice(0, 3).map(scanKey).join(' · '),
        ),
        assertSame('what is received is what is allowed, cell by cell', received, allowed),
        assertThat('the guard had no fault of its own', faults === 0, `${faults} faults`),
      ],
    },
  };
}

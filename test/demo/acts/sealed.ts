import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../../support/cadence.ts';
import { scanKey } from '../../support/oracle-keys.ts';
import { type Act, claim, same } from '../act.ts';
import { keysOf, replayAt, scanAt, truthOf } from '../setting.ts';

export interface SealedAct {
  readonly act: Act;
  readonly scan: ScanResult;
}

/** ③ The guard stands before the same open origin: not a line of it was changed. */
export async function playSealed(cadence: Cadence, before: ScanResult): Promise<SealedAct> {
  const guarded = await cadence.guard({ budgets: [], patient: true });
  const scan = await scanAt(cadence, guarded.guard.port);
  const replayed = await replayAt(cadence, guarded.guard.port, before);
  const { released, refused, faults } = guarded.guard.counts;
  await guarded.close();
  // The origin is as open as before; what should leave now is what was meant all along.
  const truth = truthOf('open');
  const received = keysOf(scan.cells, ['proven', 'by-design'], truth);
  const meant = new Set(
    [...truth].filter(([, verdict]) => verdict === 'allowed' || verdict === 'lost').map(([key]) => key),
  );
  const lost = scan.cells.filter((cell) => cell.verdict === 'lost');
  return {
    scan,
    act: {
      number: 3,
      title: 'Sealed: the guard before the unchanged origin',
      story:
        'The same scan, through the guard. Every response is judged field by field; nothing leaves that was not recorded first.',
      figures: [
        { label: 'findings', value: String(scan.findings.length) },
        { label: 'what replaying the proof says', value: replayed },
        { label: 'responses released', value: String(released) },
        { label: 'requests turned away', value: String(refused) },
        { label: 'cells that owners and followers keep', value: String(meant.size) },
      ],
      claims: [
        claim('the proof of act one, replayed, says closed', replayed === 'closed', replayed),
        claim('scan finds nothing', scan.findings.length === 0, scan.findings.map(({ id }) => id).join(', ')),
        claim('no owner and no follower lost anything', lost.length === 0, lost.slice(0, 3).map(scanKey).join(' · ')),
        same('what arrives is what was meant, cell by cell', received, meant),
        claim('the guard made no mistake of its own', faults === 0, `${faults} faults`),
      ],
    },
  };
}

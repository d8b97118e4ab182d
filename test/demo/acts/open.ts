import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../../support/cadence.ts';
import { type Act, claim, same } from '../act.ts';
import { HttpClient } from '../http-client.ts';
import { Loot, scrape } from '../scraper.ts';
import { keysOf, replayAt, scanAt, truthOf } from '../setting.ts';

export interface OpenAct {
  readonly act: Act;
  readonly loot: Loot;
  readonly scan: ScanResult;
}

/** ① As found in January 2021: nobody is asked who they are. */
export async function playOpen(cadence: Cadence, members: number): Promise<OpenAct> {
  const client = new HttpClient(cadence.lab.port);
  const loot = new Loot();
  for (const region of ['us', 'uk']) await scrape(client, region, undefined, loot);
  client.close();
  const scan = await scanAt(cadence, cadence.lab.port);
  const truth = truthOf('open');
  const proven = keysOf(scan.cells, ['proven'], truth);
  const violations = new Set([...truth].filter(([, verdict]) => verdict === 'violation').map(([key]) => key));
  const verdict = await replayAt(cadence, cadence.lab.port, scan);
  const weights = loot.withField('User.weight');
  return {
    loot,
    scan,
    act: {
      number: 1,
      title: 'Open: anybody copies everybody',
      story:
        'A search gives ids, the workout details and two gateways give the rest. No login, private profiles included.',
      figures: [
        { label: 'people copied without an account', value: String(loot.people.size) },
        { label: 'with their weight', value: String(weights) },
        { label: 'requests it took', value: String(client.calls) },
        { label: 'findings proven, each replayed', value: String(scan.findings.length) },
        { label: `cells proven to leak, of ${truth.size} held against the oracle`, value: String(proven.size) },
      ],
      claims: [
        claim(
          'every member of both regions was copied',
          loot.people.size >= members,
          `${loot.people.size} of ${members}`,
        ),
        same('scan proved exactly the cells the oracle calls violations', proven, violations),
        claim('and there was something to prove', violations.size > 0),
        claim('the proof of the incident, replayed, says open', verdict === 'open', verdict),
      ],
    },
  };
}

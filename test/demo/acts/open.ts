import type { ScanResult } from '@leakproof/scan';
import type { Cadence } from '../../support/cadence.ts';
import { type Act, assertThat, assertSame } from '../act.ts';
import { HttpClient } from '../http-client.ts';
import { Loot, scrape } from '../scraper.ts';
import { keysOf, replayAt, scanAt, truthOf } from '../scan-cadence.ts';

export interface OpenAct {
  readonly act: Act;
  readonly loot: Loot;
  readonly scan: ScanResult;
}

/** ① As found in January 2021: no caller is authenticated. */
export async function playOpen(cadence: Cadence, members: number): Promise<OpenAct> {
  const client = new HttpClient(cadence.lab.port);
  const loot = new Loot();
  for (const region of ['us', 'uk']) await scrape(client, { region, loot });
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
      title: 'Open: anyone can copy everyone',
      story:
        'Ids come from the search, the rest from workout details and two gateways. No login is needed, and private profiles are included.',
      figures: [
        { label: 'people copied without an account', value: String(loot.people.size) },
        { label: 'with their weight', value: String(weights) },
        { label: 'requests needed', value: String(client.requests) },
        { label: 'findings proven, each of them twice', value: String(scan.findings.length) },
        { label: `cells proven to leak, of ${truth.size} known to the oracle`, value: String(proven.size) },
      ],
      assertions: [
        assertThat(
          'every member of both regions was copied',
          loot.people.size >= members,
          `${loot.people.size} of ${members}`,
        ),
        assertSame('scan proved exactly the cells the oracle calls violations', proven, violations),
        assertThat('the oracle knows violations', violations.size > 0),
        assertThat('the proof of the incident, replayed, is open', verdict === 'open', verdict),
      ],
    },
  };
}

import { SDL } from '../graphql/schema.ts';
import { startLab } from '../lab.ts';
import { OWNERS, usernameOf } from '../people/cast.ts';
import { hexId } from '../people/seeded-hash.ts';
import type { Channel, Region } from '../rules/stage.ts';
import { HOSTS } from '../surface/hosts.ts';
import { openLabClient } from '../traffic/lab-client.ts';
import { logInCast, type CastDirectory } from '../traffic/cast-directory.ts';
import { writeAnswers } from './answers.ts';
import { writeCombinedLog, writeJsonLog } from './access-log.ts';
import type { RecordedExchange } from './exchange.ts';
import { writeHar } from './har.ts';
import { journeyOf, scrapeOf, type JourneyStep } from './journeys.ts';
import { writeOpenApi } from './openapi.ts';
import { writePostman } from './postman.ts';
import { recordSteps, RECORDED_FROM_MS } from './record.ts';

export interface HandoutOptions {
  readonly seed?: number;
  /** The stage in which the traffic is recorded. Default `open`, as when the incident was reported. */
  readonly stage?: string;
}

/** App, region, its user, and the member whom the user looks at. */
const USERS: readonly (readonly [Channel, Region, string, string])[] = [
  ['web', 'us', 'fay', 'pia'],
  ['web', 'us', 'sam', 'olga'],
  ['web', 'uk', 'fay_uk', 'hugo_uk'],
  ['mobile', 'us', 'carl', 'olga'],
  ['mobile', 'uk', 'tara_uk', 'olga_uk'],
  ['device', 'us', 'hugo', 'hugo'],
  ['device', 'uk', 'pia_uk', 'pia_uk'],
];

/**
 * Files that a team at Cadence would already have, by name: API descriptions, captures of its apps, and access logs that contain a
 * scraper. All of them come from requests to a lab of their own; the same seed gives the same bytes.
 */
export async function makeHandouts({ seed = 1, stage = 'open' }: HandoutOptions = {}): Promise<
  ReadonlyMap<string, string>
> {
  let ids = 0;
  const randomId = (): string => hexId(seed, 104, ids++);
  const lab = await startLab({ seed, members: 200, stage, now: () => RECORDED_FROM_MS, randomId });
  const client = openLabClient(lab.port);
  try {
    const directory = await logInCast(lab, client);
    const exchanges = await recordSteps({ lab, client, directory, seed }, stepsOf(directory));
    return filesOf(exchanges);
  } finally {
    client.close();
    await lab.close();
  }
}

function stepsOf(directory: CastDirectory): JourneyStep[] {
  const journeys = USERS.flatMap(([channel, region, me, other]) =>
    journeyOf(directory, { region, channel }, { me, other }),
  );
  const scrapes = (['us', 'uk'] as const).flatMap((region) =>
    scrapeOf(
      region,
      OWNERS.map((castMember) => directory.idsOf(usernameOf(castMember, region))),
      directory.fixtures[region],
    ),
  );
  return [...journeys, ...scrapes];
}

function filesOf(exchanges: readonly RecordedExchange[]): Map<string, string> {
  const isApp = (channel: Channel) => (each: RecordedExchange) => each.channel === channel && each.caller !== undefined;
  const files = new Map<string, string>([
    ['openapi.json', writeOpenApi(exchanges)],
    ['schema.graphql', SDL.trimStart()],
    ['answers.yaml', writeAnswers()],
    ['postman.json', writePostman(exchanges)],
    ['access.jsonl', writeJsonLog(exchanges)],
  ]);
  for (const channel of ['web', 'mobile', 'device'] as const) {
    files.set(`${channel}.har`, writeHar(exchanges.filter(isApp(channel))));
  }
  for (const host of HOSTS.keys()) {
    files.set(`access.${host}.combined`, writeCombinedLog(exchanges.filter((each) => each.host === host)));
  }
  return files;
}

import { SDL } from '../graphql/schema.ts';
import { startLab } from '../lab.ts';
import { OWNERS, usernameOf } from '../people/cast.ts';
import { hexId } from '../people/scramble.ts';
import type { Channel, Region } from '../rules/stages.ts';
import { HOSTS } from '../surface/hosts.ts';
import { openVisitor } from '../traffic/visitor.ts';
import { learnWorld, type World } from '../traffic/world.ts';
import { writeCombinedLog, writeJsonLog } from './access-log.ts';
import type { RecordedExchange } from './exchange.ts';
import { writeHar } from './har.ts';
import { journeyOf, scrapeOf, type Step } from './journeys.ts';
import { writeOpenApi } from './openapi.ts';
import { writePostman } from './postman.ts';
import { record, RECORDED_FROM_MS } from './record.ts';

export interface HandoutOptions {
  readonly seed?: number;
  /** The stage the traffic is recorded in; `open` by default, as when the incident was reported. */
  readonly stage?: string;
}

/** Who looks at whom, with which app. */
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
 * What Cadence would have in its drawers, by file name: descriptions, captures of its apps, access logs with a scraper in them.
 * All of it comes from requests really made to a lab of its own; the same seed gives the same bytes.
 */
export async function makeHandouts({ seed = 1, stage = 'open' }: HandoutOptions = {}): Promise<
  ReadonlyMap<string, string>
> {
  let ids = 0;
  const randomId = (): string => hexId(seed, 104, ids++);
  const lab = await startLab({ seed, members: 200, stage, now: () => RECORDED_FROM_MS, randomId });
  const visitor = openVisitor(lab.port);
  try {
    const world = await learnWorld(lab, visitor);
    const exchanges = await record({ lab, visitor, world, seed }, stepsOf(world));
    return filesOf(exchanges);
  } finally {
    visitor.close();
    await lab.close();
  }
}

function stepsOf(world: World): Step[] {
  const journeys = USERS.flatMap(([channel, region, me, other]) => journeyOf(world, region, channel, { me, other }));
  const scrapes = (['us', 'uk'] as const).flatMap((region) =>
    scrapeOf(
      region,
      OWNERS.map((part) => world.idsOf(usernameOf(part, region))),
      world.anchors[region],
    ),
  );
  return [...journeys, ...scrapes];
}

function filesOf(exchanges: readonly RecordedExchange[]): Map<string, string> {
  const isApp = (channel: Channel) => (each: RecordedExchange) => each.channel === channel && each.caller !== undefined;
  const files = new Map<string, string>([
    ['openapi.json', writeOpenApi(exchanges)],
    ['schema.graphql', SDL.trimStart()],
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

import { startLab } from '../lab.ts';
import type { Region } from '../rules/stage.ts';
import { openLabClient } from '../traffic/lab-client.ts';
import { logInCast } from '../traffic/cast-directory.ts';
import { oracle } from './oracle.ts';
import { type Walk, walkReads } from './walk-reads.ts';
import { walkWrites } from './walk-writes.ts';

/** The result for one stage. */
interface WalkReport {
  readonly walked: number;
  /** One line for each cell for which the lab did something else than the oracle says. */
  readonly wrong: readonly string[];
}

/** Checks the cells of one region, stage by stage, on a lab of its own. */
export interface RegionWalk {
  walk(stage: string): Promise<WalkReport>;
  close(): Promise<void>;
}

export async function openRegionWalk(region: Region): Promise<RegionWalk> {
  const lab = await startLab({ members: 200 });
  const client = openLabClient(lab.port);
  const internalClient = openLabClient(lab.internalPort);
  const walk: Walk = {
    lab,
    client,
    internalClient,
    directory: await logInCast(lab, client),
    knownValues: new Map(),
  };
  return {
    walk: async (stage) => {
      lab.setStage(stage);
      const cells = oracle({ stage, regions: [region] });
      const wrong = [...(await walkReads(walk, cells)), ...(await walkWrites(walk, cells))];
      return { walked: cells.length, wrong };
    },
    close: async () => {
      client.close();
      internalClient.close();
      await lab.close();
    },
  };
}

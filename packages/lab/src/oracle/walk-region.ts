import { startLab } from '../lab.ts';
import type { Region } from '../rules/stages.ts';
import { openVisitor } from '../traffic/visitor.ts';
import { learnWorld } from '../traffic/world.ts';
import { oracle } from './oracle.ts';
import { type Walk, walkReads } from './walk-reads.ts';
import { walkWrites } from './walk-writes.ts';

/** What a walk through one stage found. */
interface WalkReport {
  readonly walked: number;
  /** One line for each cell that was answered otherwise than the oracle has it. */
  readonly wrong: readonly string[];
}

/** Walks the cells of one region, stage by stage, on a lab of its own. */
export interface RegionWalk {
  walk(stage: string): Promise<WalkReport>;
  close(): Promise<void>;
}

export async function openRegionWalk(region: Region): Promise<RegionWalk> {
  const lab = await startLab({ members: 200 });
  const visitor = openVisitor(lab.port);
  const back = openVisitor(lab.internalPort);
  const walk: Walk = { lab, visitor, back, world: await learnWorld(lab, visitor), truth: new Map() };
  return {
    walk: async (stage) => {
      lab.setStage(stage);
      const cells = oracle({ stage, regions: [region] });
      const wrong = [...(await walkReads(walk, cells)), ...(await walkWrites(walk, cells))];
      return { walked: cells.length, wrong };
    },
    close: async () => {
      visitor.close();
      back.close();
      await lab.close();
    },
  };
}

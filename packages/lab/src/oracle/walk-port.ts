import type { Lab } from '../lab.ts';
import { openVisitor } from '../traffic/visitor.ts';
import { learnWorld } from '../traffic/world.ts';
import type { OracleCell } from './oracle.ts';
import { walkReads } from './walk-reads.ts';

/**
 * Asks for cells through another port of this machine, where something stands before the lab, and says which came otherwise
 * than their `released` has it. Logs in at the lab itself.
 */
export async function walkPort(lab: Lab, port: number, cells: readonly OracleCell[]): Promise<string[]> {
  const [direct, visitor, back] = [openVisitor(lab.port), openVisitor(port), openVisitor(lab.internalPort)];
  try {
    const world = await learnWorld(lab, direct);
    return await walkReads({ lab, visitor, back, world, truth: new Map() }, cells);
  } finally {
    for (const each of [direct, visitor, back]) each.close();
  }
}

import type { CompiledContract } from '@leakproof/core';
import { createCut } from '@leakproof/cut';
import type { Row } from '../shared/row.ts';
import { bodies, CALLER_ID } from './bodies.ts';

const BODY_BYTES = 1e9;
/** After so many bytes the heap's young generation has its full size; from then on memory must not grow. */
const WARM_UP_BYTES = 20e6;
const SAMPLE_EVERY_CHUNKS = 256;
const GOAL_MIB = 64;

/** How much memory grows while a list of 1 GB of small objects is cut. */
export function longListRow(contract: CompiledContract): Row {
  const shape = contract.operations.find((each) => each.name === 'GET /users')?.returns ?? { type: 'nothing' };
  const space = contract.servers[0]?.space ?? '';
  const principal = { kind: 'member', id: String(CALLER_ID), ids: 'person', space, claims: {} };
  const list = Buffer.from(bodies()[0]?.bytes ?? []);
  const chunk = Buffer.concat([Buffer.from(','), list.subarray(1, -1)]);
  const cut = createCut(contract, { expected: { shape, space }, principal, mode: 'enforce' });
  let before = 0;
  let most = 0;
  let chunks = 0;
  let released = 0;
  cut.push(list.subarray(0, -1));
  for (let pushed = 0; pushed < BODY_BYTES; pushed += chunk.length) {
    const step = cut.push(Buffer.from(chunk));
    if (step.type !== 'release') throw new Error(`A chunk of the list led to the step ${step.type}.`);
    released += step.chunks.reduce((sum, each) => sum + each.length, 0);
    if (pushed < WARM_UP_BYTES) before = memory();
    else if (++chunks % SAMPLE_EVERY_CHUNKS === 0) most = Math.max(most, memory() - before);
  }
  cut.push(Buffer.from(']'));
  if (cut.end().type !== 'release' || released < BODY_BYTES / 2) throw new Error('The list was not released.');
  const mib = Math.round(most / 2 ** 20);
  return {
    bench: 'cut',
    case: 'list of 1 GB',
    figure: 'memory above that after 20 MB, at most',
    unit: 'MiB',
    ours: mib,
    peers: {},
    goal: GOAL_MIB,
    holds: mib < GOAL_MIB,
  };
}

/** The resident set size: the heap, buffers, and what waits for the garbage collector. */
function memory(): number {
  return process.memoryUsage.rss();
}

import type { CompiledContract } from '@leakproof/core';
import { createCut } from '@leakproof/cut';
import type { Row } from '../shared/row.ts';
import { bodies, CALLER_ID } from './bodies.ts';

const BODY_BYTES = 1e9;
/** So many bytes fill the engine's nursery; from then on memory has to stay where it is. */
const WARM_UP_BYTES = 20e6;
const SAMPLE_EVERY_PARTS = 256;
const GOAL_MIB = 64;

/** A list of small objects, a gigabyte of them, pushed through one cut: how much memory grows. */
export function longListRow(contract: CompiledContract): Row {
  const shape = contract.operations.find((each) => each.name === 'GET /users')?.returns ?? { type: 'nothing' };
  const space = contract.servers[0]?.space ?? '';
  const principal = { kind: 'member', id: String(CALLER_ID), ids: 'person', space, claims: {} };
  const list = Buffer.from(bodies()[0]?.bytes ?? []);
  const part = Buffer.concat([Buffer.from(','), list.subarray(1, -1)]);
  const cut = createCut(contract, { expected: { shape, space }, principal, mode: 'enforce' });
  let idle = 0;
  let most = 0;
  let parts = 0;
  let left = 0;
  cut.push(list.subarray(0, -1));
  for (let pushed = 0; pushed < BODY_BYTES; pushed += part.length) {
    const step = cut.push(Buffer.from(part));
    if (step.type !== 'release') throw new Error(`A part of the list led to ${step.type}.`);
    left += step.chunks.reduce((sum, each) => sum + each.length, 0);
    if (pushed < WARM_UP_BYTES) idle = memory();
    else if (++parts % SAMPLE_EVERY_PARTS === 0) most = Math.max(most, memory() - idle);
  }
  cut.push(Buffer.from(']'));
  if (cut.end().type !== 'release' || left < BODY_BYTES / 2) throw new Error('The list did not leave.');
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

/** Bytes in use and waiting for the collector: heap and buffers. */
function memory(): number {
  const { rss } = process.memoryUsage();
  return rss;
}

import { closeSync, fdatasyncSync, ftruncateSync, openSync, statSync, unlinkSync } from 'node:fs';
import type { Repair } from './fact-log.ts';
import { FRAME_KIND, SEGMENT_HEADER_BYTES } from './format.ts';
import { checksumSeed } from './frame.ts';
import { hashFile } from './hash-file.ts';
import { readSegmentHeader } from './opened-segment.ts';
import { listSegments, segmentPath } from './segment-files.ts';
import { CHAIN_START, type ChainPoint, type SegmentHeader } from './segment-header.ts';
import { scanSegment } from './segment-scan.ts';

/** Where a writer continues. `node` is undefined for a directory that never had a readable segment. */
export interface Recovered {
  readonly node: Uint8Array | undefined;
  readonly nextSegment: number;
  readonly nextSequence: number;
  readonly previous: ChainPoint;
  readonly repair: Repair;
}

/**
 * Reads the end of a writer's log and removes what a crash left incomplete: bytes after the last whole frame of its last segment.
 * Damage before that frame is counted and left for `verifyLog`. Only the lock's holder may call this.
 */
export function recoverWriter(directory: string): Recovered {
  const segments = listSegments(directory);
  const nextSegment = (segments.at(-1) ?? 0) + 1;
  const repair = { tornBytes: 0, tornFacts: 0, damaged: 0 };
  const withoutHeader: string[] = [];
  for (const segment of [...segments].reverse()) {
    const path = segmentPath(directory, segment);
    const header = readHeader(path);
    if (header) {
      const end = repairSegment(path, header, repair);
      const sequences = withoutHeader.map((file) => lastSequence(file, checksumSeed(header.node)));
      const nextSequence = Math.max(end.nextSequence, ...sequences.map((sequence) => sequence + 1));
      return { node: header.node, nextSegment, nextSequence, previous: end.point, repair };
    }
    const size = statSync(path).size;
    if (size > SEGMENT_HEADER_BYTES) {
      repair.damaged += 1;
      withoutHeader.push(path);
    } else {
      repair.tornBytes += size;
      unlinkSync(path);
    }
  }
  return { node: undefined, nextSegment, nextSequence: 1, previous: CHAIN_START, repair };
}

/** The highest sequence number in a segment whose header is damaged, so that it is not used again. */
function lastSequence(path: string, seed: number): number {
  const file = openSync(path, 'r');
  try {
    let last = 0;
    for (const item of scanSegment(file, seed)) if (item.type === 'frame') last = Math.max(last, item.header.sequence);
    return last;
  } finally {
    closeSync(file);
  }
}

function readHeader(path: string): SegmentHeader | undefined {
  const file = openSync(path, 'r');
  try {
    return readSegmentHeader(file);
  } finally {
    closeSync(file);
  }
}

interface Counters {
  tornBytes: number;
  tornFacts: number;
  damaged: number;
}

function repairSegment(
  path: string,
  header: SegmentHeader,
  repair: Counters,
): { nextSequence: number; point: ChainPoint } {
  const file = openSync(path, 'r+');
  try {
    let nextSequence = header.firstSequence;
    let length = SEGMENT_HEADER_BYTES;
    let seal: Uint8Array | undefined;
    for (const item of scanSegment(file, checksumSeed(header.node))) {
      if (item.type === 'frame' && item.header.kind !== FRAME_KIND.seal) {
        nextSequence = Math.max(nextSequence, item.header.sequence + 1);
        length = item.end;
        seal = undefined;
      } else if (item.type === 'frame') {
        seal = new Uint8Array(item.payload);
      } else if (item.type === 'damage') {
        repair.damaged += 1;
        length = item.end;
      } else if (item.type === 'tail' && item.bytes + item.zeroBytes > 0) {
        repair.tornBytes += item.bytes;
        repair.tornFacts += item.facts;
        ftruncateSync(file, item.offset);
        fdatasyncSync(file);
      }
    }
    const root = hashFile(file, length);
    const sealed = seal !== undefined && root.equals(seal);
    return { nextSequence, point: { segment: header.segment, length, root, sealed } };
  } finally {
    closeSync(file);
  }
}

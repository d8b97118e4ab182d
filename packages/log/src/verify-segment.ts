import { fstatSync } from 'node:fs';
import { FRAME_HEADER_BYTES, FRAME_KIND, ROOT_BYTES } from './format.ts';
import { hashFile } from './hash-file.ts';
import type { OpenedSegment } from './opened-segment.ts';
import { decodeRefusedNote } from './refused-frame.ts';
import type { ChainPoint } from './segment-header.ts';
import { type ScannedFrame, scanSegment } from './segment-scan.ts';

export type BreakReason =
  | 'header' /* not a header of this segment */
  | 'frame' /* bytes that are no whole frame, with whole frames after them */
  | 'torn' /* bytes after the last whole frame */
  | 'sequence' /* a frame is missing or out of order */
  | 'seal' /* the seal is missing, or its root is not that of its segment */
  | 'root' /* the root in the next segment is not that of this segment */
  | 'after-seal' /* something follows a seal */
  | 'missing' /* a segment between two others is missing */
  | 'node'; /* a segment of another writer */

export interface SegmentBreak {
  readonly offset: number;
  readonly why: BreakReason;
}

export interface SegmentFindings {
  readonly breaks: readonly SegmentBreak[];
  readonly frames: number;
  readonly facts: number;
  readonly refused: number;
  /** The sequence number that must follow; undefined if the end could not be read. */
  readonly nextSequence: number | undefined;
  readonly end: ChainPoint;
  /** Bytes that no root covers. */
  readonly unprovenBytes: number;
}

const SEAL_BYTES = FRAME_HEADER_BYTES + ROOT_BYTES;

/** What other segments say about one. */
export interface SegmentExpectation {
  readonly segment: number;
  /** Its end, from the header of its successor. */
  readonly declared: ChainPoint | undefined;
  /** The sequence number of its first frame. */
  readonly expected: number | undefined;
}

/** Checks one segment against itself and against other segments. Reads the file twice, in bounded memory. */
export function verifySegment(
  opened: OpenedSegment,
  { segment, declared, expected }: SegmentExpectation,
): SegmentFindings {
  const size = fstatSync(opened.file).size;
  const limit = declared?.length ?? size;
  const breaks: SegmentBreak[] = [];
  const sums = { frames: 0, facts: 0, refused: 0 };
  let nextSequence = expected ?? opened.header?.firstSequence;
  let seal: { offset: number; root: Buffer } | undefined;
  let end = 0;
  for (const item of scanSegment(opened.file, opened.seed)) {
    if (item.offset >= limit && !(item.type === 'frame' && item.header.kind === FRAME_KIND.seal)) break;
    if (item.type === 'damage') {
      breaks.push({ offset: item.offset, why: 'frame' });
      nextSequence = undefined;
      end = item.end;
    } else if (item.type === 'tail') {
      if (item.bytes > 0 || (seal && item.zeroBytes > 0)) breaks.push({ offset: item.offset, why: 'torn' });
      end = item.offset;
    } else if (item.header.kind === FRAME_KIND.seal) {
      if (seal) breaks.push({ offset: item.offset, why: 'after-seal' });
      else seal = { offset: item.offset, root: Buffer.from(item.payload) };
    } else {
      if (seal) breaks.push({ offset: item.offset, why: 'after-seal' });
      if (!follows(item, nextSequence)) breaks.push({ offset: item.offset, why: 'sequence' });
      nextSequence = item.header.sequence + 1;
      sums.frames += 1;
      if (item.header.kind === FRAME_KIND.facts) sums.facts += item.header.count;
      if (item.header.kind === FRAME_KIND.refused) sums.refused += item.header.count;
      end = item.end;
    }
  }
  const length = declared?.length ?? seal?.offset ?? end;
  const root = hashFile(opened.file, length);
  if (seal && (seal.offset === length || declared === undefined) && !root.equals(seal.root)) {
    breaks.push({ offset: seal.offset, why: 'seal' });
  }
  if (declared && !root.equals(declared.root)) breaks.push({ offset: 0, why: 'root' });
  if (declared?.sealed && (seal?.offset !== length || size !== length + SEAL_BYTES)) {
    breaks.push({ offset: length, why: size > length + SEAL_BYTES ? 'after-seal' : 'seal' });
  }
  const proven = declared || seal ? length + (seal?.offset === length ? SEAL_BYTES : 0) : 0;
  return {
    breaks,
    ...sums,
    nextSequence,
    end: { segment, length, root, sealed: seal !== undefined },
    unprovenBytes: Math.max(0, size - proven),
  };
}

/** True if the frame has the next sequence number, or says itself which numbers before it were never acknowledged. */
function follows({ header, payload }: ScannedFrame, expected: number | undefined): boolean {
  if (expected === undefined || header.sequence === expected) return true;
  if (header.kind !== FRAME_KIND.refused || header.sequence < expected) return false;
  return decodeRefusedNote(payload)?.after === expected - 1;
}

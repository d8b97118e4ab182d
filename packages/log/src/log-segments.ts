import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME_HEADER_BYTES, FRAME_KIND, ROOT_BYTES } from './format.ts';
import { readFrameHeader } from './frame.ts';
import { type OpenedSegment, openSegment } from './opened-segment.ts';
import { listSegments, listWriters, segmentPath } from './segment-files.ts';
import { assertDirectory, unreadable } from './unreadable.ts';

export interface LogSegment {
  readonly writer: string;
  readonly segment: number;
  readonly file: string;
  readonly bytes: number;
  /** Hex; that of another segment of the writer if this header is damaged. */
  readonly node: string;
  /** Nothing is appended to it any more: it ends with a seal, or a later segment of its writer exists. */
  readonly isClosed: boolean;
  /** The newest of its writer: the next writer continues its chain, so it must not be removed. */
  readonly isNewest: boolean;
}

/** The segments of a log, writer by writer. Reads headers and ends only. Throws LP-FILE-UNREADABLE if there is no such directory. */
export function listLogSegments(directory: string): readonly LogSegment[] {
  assertDirectory(directory);
  try {
    return listWriters(directory).flatMap((writer) => segmentsOf(directory, writer));
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function segmentsOf(directory: string, writer: string): LogSegment[] {
  const path = join(directory, writer);
  const numbers = listSegments(path);
  return numbers.flatMap((segment) => {
    const opened = openSegment(path, segment);
    if (opened === undefined) return [];
    try {
      const isNewest = segment === numbers.at(-1);
      return [
        {
          writer,
          segment,
          file: segmentPath(path, segment),
          bytes: fstatSync(opened.file).size,
          node: Buffer.from(opened.node).toString('hex'),
          isClosed: !isNewest || isSealed(opened),
          isNewest,
        },
      ];
    } finally {
      closeSync(opened.file);
    }
  });
}

const SEAL_BYTES = FRAME_HEADER_BYTES + ROOT_BYTES;

function isSealed({ file, seed }: OpenedSegment): boolean {
  const { size } = fstatSync(file);
  if (size < SEAL_BYTES) return false;
  const end = Buffer.alloc(SEAL_BYTES);
  readSync(file, end, 0, SEAL_BYTES, size - SEAL_BYTES);
  return readFrameHeader(end, 0, seed)?.kind === FRAME_KIND.seal;
}

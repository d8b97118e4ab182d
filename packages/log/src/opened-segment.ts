import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SEGMENT_HEADER_BYTES } from './format.ts';
import { checksumSeed } from './frame.ts';
import { listSegments, segmentPath } from './segment-files.ts';
import { decodeSegmentHeader, type SegmentHeader } from './segment-header.ts';

/** A segment opened for reading. The caller closes `file`. */
export interface OpenedSegment {
  readonly file: number;
  /** Undefined if the header is damaged or torn. */
  readonly header: SegmentHeader | undefined;
  /** Length of a file whose header a crash left incomplete; undefined otherwise. */
  readonly tornBytes: number | undefined;
  /** The writer's node, from this header or that of another segment. */
  readonly node: Uint8Array;
  readonly seed: number;
}

/** Opens a segment, or returns undefined if the file has been removed. */
export function openSegment(directory: string, segment: number): OpenedSegment | undefined {
  const file = openOrMissing(segmentPath(directory, segment));
  if (file === undefined) return undefined;
  try {
    const header = readSegmentHeader(file);
    const node = header?.node ?? nodeOf(directory) ?? new Uint8Array();
    const { size } = fstatSync(file);
    const tornBytes = header === undefined && size <= SEGMENT_HEADER_BYTES ? size : undefined;
    return { file, header, tornBytes, node, seed: checksumSeed(node) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

export function readSegmentHeader(file: number): SegmentHeader | undefined {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  return decodeSegmentHeader(bytes.subarray(0, readSync(file, bytes, 0, bytes.byteLength, 0)));
}

/** The node named by the newest readable header of a writer's directory. */
function nodeOf(directory: string): Uint8Array | undefined {
  for (const segment of [...listSegments(directory)].reverse()) {
    const file = openOrMissing(segmentPath(directory, segment));
    if (file === undefined) continue;
    try {
      const header = readSegmentHeader(file);
      if (header) return header.node;
    } finally {
      closeSync(file);
    }
  }
  return undefined;
}

function openOrMissing(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { crc32 } from 'node:zlib';
import {
  FORMAT_VERSION,
  NODE_BYTES,
  readTime,
  readUint64,
  ROOT_BYTES,
  SEGMENT_HEADER_BYTES,
  SEGMENT_MAGIC,
  writeTime,
  writeUint64,
} from './format.ts';

/**
 * The end of a segment: SHA-256 over its first `length` bytes. If `sealed`, a seal frame with the same root follows and ends the
 * file. Segment 0 means that there is no segment.
 */
export interface ChainPoint {
  readonly segment: number;
  readonly length: number;
  readonly root: Uint8Array;
  readonly sealed: boolean;
}

export interface SegmentHeader {
  readonly node: Uint8Array;
  readonly segment: number;
  readonly time: number;
  /** The sequence number of the first frame. */
  readonly firstSequence: number;
  readonly previous: ChainPoint;
}

export const CHAIN_START: ChainPoint = { segment: 0, length: 0, root: new Uint8Array(ROOT_BYTES), sealed: false };

const CHECKSUM_AT = 100;
const SEALED = 1;

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.set(SEGMENT_MAGIC, 0);
  bytes.writeUInt16LE(FORMAT_VERSION, 8);
  bytes.writeUInt16LE(SEGMENT_HEADER_BYTES, 10);
  bytes.writeUInt32LE(header.segment, 12);
  bytes.set(header.node, 16);
  writeTime(bytes, header.time, 32);
  writeUint64(bytes, header.firstSequence, 40);
  bytes.writeUInt32LE(header.previous.segment, 48);
  bytes.writeUInt32LE(header.previous.sealed ? SEALED : 0, 52);
  writeUint64(bytes, header.previous.length, 56);
  bytes.set(header.previous.root, 64);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKSUM_AT)), CHECKSUM_AT);
  return bytes;
}

/** The header, or undefined if the bytes are no valid header of a version that this reader knows. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.byteLength < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return undefined;
  if (bytes.readUInt32LE(CHECKSUM_AT) !== crc32(bytes.subarray(0, CHECKSUM_AT))) return undefined;
  if (bytes.readUInt16LE(8) !== FORMAT_VERSION || bytes.readUInt16LE(10) !== SEGMENT_HEADER_BYTES) return undefined;
  return {
    node: new Uint8Array(bytes.subarray(16, 16 + NODE_BYTES)),
    segment: bytes.readUInt32LE(12),
    time: readTime(bytes, 32),
    firstSequence: readUint64(bytes, 40),
    previous: {
      segment: bytes.readUInt32LE(48),
      sealed: (bytes.readUInt32LE(52) & SEALED) !== 0,
      length: readUint64(bytes, 56),
      root: new Uint8Array(bytes.subarray(64, 64 + ROOT_BYTES)),
    },
  };
}

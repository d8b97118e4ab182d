import { crc32 } from 'node:zlib';
import {
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  MAX_PAYLOAD_BYTES,
  readTime,
  readUint64,
  writeTime,
  writeUint64,
} from './format.ts';

export interface FrameHeader {
  readonly kind: number;
  readonly length: number;
  readonly count: number;
  readonly sequence: number;
  readonly time: number;
  readonly payloadChecksum: number;
}

export interface FrameFields {
  readonly kind: number;
  readonly count: number;
  readonly sequence: number;
  readonly time: number;
}

const CHECKED_FROM = 8;

/**
 * The start value of a node's checksums. A client whose bytes become part of a payload does not know it, so it cannot send bytes
 * that a reader would take for a frame.
 */
export function checksumSeed(node: Uint8Array): number {
  return crc32(node);
}

/** Writes header and payload at `offset`; `target` must be large enough. Returns the offset after the frame. */
// oxlint-disable-next-line max-params -- called for each frame: an object would be allocated each time
export function writeFrame(
  target: Buffer,
  offset: number,
  fields: FrameFields,
  payload: Uint8Array,
  seed: number,
): number {
  target.set(payload, offset + FRAME_HEADER_BYTES);
  target.set(FRAME_MAGIC, offset);
  target.writeUInt32LE(crc32(payload, seed), offset + 8);
  target.writeUInt32LE(payload.byteLength, offset + 12);
  target.writeUInt32LE(fields.count, offset + 16);
  target.writeUInt16LE(fields.kind, offset + 20);
  writeTime(target, fields.time, offset + 22);
  writeUint64(target, fields.sequence, offset + 28);
  const checked = target.subarray(offset + CHECKED_FROM, offset + FRAME_HEADER_BYTES);
  target.writeUInt32LE(crc32(checked, seed), offset + 4);
  return offset + FRAME_HEADER_BYTES + payload.byteLength;
}

/** The header at `offset`, or undefined if those 36 bytes are no valid header. The payload is not checked. */
export function readFrameHeader(source: Buffer, offset: number, seed: number): FrameHeader | undefined {
  if (source.readUInt32LE(offset) !== FRAME_MAGIC.readUInt32LE(0)) return undefined;
  const checked = source.subarray(offset + CHECKED_FROM, offset + FRAME_HEADER_BYTES);
  if (source.readUInt32LE(offset + 4) !== crc32(checked, seed)) return undefined;
  const length = source.readUInt32LE(offset + 12);
  const sequence = readUint64(source, offset + 28);
  if (length > MAX_PAYLOAD_BYTES || Number.isNaN(sequence)) return undefined;
  return {
    kind: source.readUInt16LE(offset + 20),
    length,
    count: source.readUInt32LE(offset + 16),
    sequence,
    time: readTime(source, offset + 22),
    payloadChecksum: source.readUInt32LE(offset + 8),
  };
}

/** True if `payload` has the length and checksum of `header`. */
export function holdsPayload(header: FrameHeader, payload: Uint8Array, seed: number): boolean {
  return payload.byteLength === header.length && crc32(payload, seed) === header.payloadChecksum;
}

/**
 * The numbers of the file format, version 1. All integers are little-endian; the tables are in this package's README.
 * A change to any of them is a new format version.
 */
export const FORMAT_VERSION = 1;
export const SEGMENT_MAGIC = Buffer.from('LPROOFLG', 'latin1');
export const SEGMENT_HEADER_BYTES = 104;
/** Begins with a byte that valid UTF-8 never begins with, so that text rarely looks like a frame. */
export const FRAME_MAGIC = Buffer.from([0x9e, 0x4c, 0x50, 0x46]);
export const FRAME_HEADER_BYTES = 36;
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
export const ROOT_BYTES = 32;
export const NODE_BYTES = 16;

/** The content of a frame: facts; a gap that the caller declared; a note of refused appends; a segment's seal. */
export const FRAME_KIND = { facts: 1, gap: 2, refused: 3, seal: 4 } as const;

const TWO_32 = 0x1_0000_0000;
const TWO_16 = 0x1_0000;

/** Writes an unsigned integer below 2^53 in 8 bytes. */
export function writeUint64(target: Buffer, value: number, offset: number): void {
  target.writeUInt32LE(value % TWO_32, offset);
  target.writeUInt32LE(Math.floor(value / TWO_32), offset + 4);
}

/** Reads what `writeUint64` wrote; `NaN` beyond 2^53, which no whole frame holds. */
export function readUint64(source: Buffer, offset: number): number {
  const value = source.readUInt32LE(offset) + source.readUInt32LE(offset + 4) * TWO_32;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Writes milliseconds since 1970 in 6 bytes. */
export function writeTime(target: Buffer, time: number, offset: number): void {
  target.writeUInt32LE(time % TWO_32, offset);
  target.writeUInt16LE(Math.floor(time / TWO_32) % TWO_16, offset + 4);
}

export function readTime(source: Buffer, offset: number): number {
  return source.readUInt32LE(offset) + source.readUInt16LE(offset + 4) * TWO_32;
}

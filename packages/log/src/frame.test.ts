import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_HEADER_BYTES } from './format.ts';
import { checksumSeed, holdsPayload, readFrameHeader, writeFrame } from './frame.ts';

const SEED = checksumSeed(new Uint8Array(16).fill(7));

const frames = fc.record({
  kind: fc.integer({ min: 1, max: 0xffff }),
  count: fc.integer({ min: 0, max: 0xffff_ffff }),
  sequence: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  time: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
});

function encode(fields: { kind: number; count: number; sequence: number; time: number }, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.byteLength);
  writeFrame(bytes, 0, fields, payload, SEED);
  return bytes;
}

test('a frame is decoded as it was written', () => {
  fc.assert(
    fc.property(frames, fc.uint8Array({ maxLength: 300 }), (fields, payload) => {
      const bytes = encode(fields, payload);
      const header = readFrameHeader(bytes, 0, SEED);
      expect(header).toMatchObject({ ...fields, length: payload.byteLength });
      expect(header && holdsPayload(header, bytes.subarray(FRAME_HEADER_BYTES), SEED)).toBe(true);
    }),
  );
});

test('a frame with any one bit changed is not read', () => {
  const bytes = encode({ kind: 1, count: 3, sequence: 9, time: 1_700_000_000_000 }, Buffer.from('facts'));
  for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const header = readFrameHeader(changed, 0, SEED);
    expect(header && holdsPayload(header, changed.subarray(FRAME_HEADER_BYTES), SEED)).not.toBe(true);
  }
});

test('a frame of another node is not read', () => {
  const bytes = encode({ kind: 1, count: 3, sequence: 9, time: 0 }, Buffer.from('facts'));
  expect(readFrameHeader(bytes, 0, checksumSeed(new Uint8Array(16).fill(8)))).toBeUndefined();
});

import { readUint64, writeUint64 } from './format.ts';

/** The payload of a `refused` frame. The frame's count is the number of refused facts. */
export interface RefusedNote {
  /** The last valid sequence number before this frame: those between were used and never acknowledged. */
  readonly after: number;
  /** The error code of the refusal. */
  readonly reason: string;
}

const REASON_AT = 8;

export function encodeRefusedNote({ after, reason }: RefusedNote): Buffer {
  const bytes = Buffer.alloc(REASON_AT + Buffer.byteLength(reason));
  writeUint64(bytes, after, 0);
  bytes.write(reason, REASON_AT);
  return bytes;
}

export function decodeRefusedNote(payload: Buffer): RefusedNote | undefined {
  if (payload.byteLength < REASON_AT) return undefined;
  return { after: readUint64(payload, 0), reason: payload.toString('utf8', REASON_AT) };
}

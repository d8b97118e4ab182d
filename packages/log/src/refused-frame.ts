import { readUint64, writeUint64 } from './format.ts';

/** What a `refused` frame's payload says. Its count is the number of facts turned away. */
export interface RefusedNote {
  /** The last sequence number that counts before this frame: those between were given out and never acknowledged. */
  readonly after: number;
  /** The code they were refused with. */
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

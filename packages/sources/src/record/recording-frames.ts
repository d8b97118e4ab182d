import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** First bytes of a recording. */
export const MAGIC = Buffer.from('LEAKPROOF RECORDING 1\n');
const TAG_BYTES = 16;
/** Larger frames are neither written nor read. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** `key`: an empty frame that verifies the key; `exchange`: one line; `words`: literal path segments, for shapes-only; `end`: the file is complete. */
export type FrameKind = 'key' | 'exchange' | 'words' | 'end';
const KINDS: readonly FrameKind[] = ['key', 'exchange', 'words', 'end'];

/** All bytes before the first frame: magic, length and header. */
export function headerBytes(header: string): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([MAGIC, length, text]);
}

/** AES-256-GCM. The nonce is the index of the frame, which authenticates the order; every frame authenticates the header. */
export interface FrameCipher {
  seal(index: number, kind: FrameKind, content: Uint8Array): Buffer;
  /** Undefined if it is not the frame that was written at this index. */
  open(index: number, sealed: Uint8Array): { readonly kind: FrameKind; readonly content: Buffer } | undefined;
}

export function frameCipher(key: Uint8Array, header: Uint8Array): FrameCipher {
  const headerDigest = createHash('sha256').update(header).digest();
  return {
    seal: (index, kind, content) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(index)).setAAD(headerDigest);
      const body = Buffer.concat([
        cipher.update(Buffer.of(KINDS.indexOf(kind))),
        cipher.update(content),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      return Buffer.concat([length, body]);
    },
    open: (index, sealed) => {
      if (sealed.length < TAG_BYTES + 1) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(index)).setAAD(headerDigest);
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
        const kind = KINDS[plain[0] ?? -1];
        return kind && { kind, content: plain.subarray(1) };
      } catch {
        return undefined;
      }
    },
  };
}

function nonce(index: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(index, 6, 6);
  return bytes;
}

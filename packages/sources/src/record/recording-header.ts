import { randomBytes, scryptSync, hkdfSync } from 'node:crypto';
import { LeakproofError, type EpochMs } from '@leakproof/core';

/** The key of a recording: 32 bytes of a key file, or a passphrase. */
export type RecordingKey = { readonly bytes: Uint8Array } | { readonly passphrase: string };

/** The unencrypted header of a recording. It is authenticated: if it is modified, no frame can be decrypted. */
export interface RecordingHeader {
  readonly leakproof: 'recording';
  readonly version: 1;
  /** Explains the file to a person who finds it. */
  readonly note: string;
  readonly identity: string;
  readonly mode: 'full' | 'shapes-only';
  readonly created: EpochMs;
  /** `readRecording` rejects the file from this time on. */
  readonly expires: EpochMs;
  readonly kdf:
    | { readonly name: 'key-file' }
    | { readonly name: 'scrypt'; readonly N: number; readonly r: number; readonly p: number };
  /** Base64url; different for every file. */
  readonly salt: string;
}

/** N = 2^15: about 0.1 s and 32 MiB for each attempt at a passphrase. */
const SCRYPT = { N: 1 << 15, r: 8, p: 1 } as const;
const MAX_SCRYPT_N = 1 << 20;

export interface NewHeader {
  readonly identity: string;
  readonly mode: RecordingHeader['mode'];
  readonly created: EpochMs;
  readonly expires: EpochMs;
  readonly key: RecordingKey;
}

export function newHeader({ key, identity, mode, created, expires }: NewHeader): RecordingHeader {
  return {
    leakproof: 'recording',
    version: 1,
    note: `Encrypted recording of one person's API traffic. Expires ${new Date(expires).toISOString()}; delete it then, or sooner.`,
    identity,
    mode,
    created,
    expires,
    kdf: 'bytes' in key ? { name: 'key-file' } : { name: 'scrypt', ...SCRYPT },
    salt: randomBytes(16).toString('base64url'),
  };
}

/** The key of one file. It is different for every file, so that counters are safe as nonces. Throws LP-RECORDING-KEY if `key` is of the wrong kind. */
export function fileKey(header: RecordingHeader, key: RecordingKey): Uint8Array {
  const salt = Buffer.from(header.salt, 'base64url');
  if (header.kdf.name === 'key-file') {
    if (!('bytes' in key) || key.bytes.length !== 32) throw wrongKind('a key file of 32 bytes');
    return new Uint8Array(hkdfSync('sha256', key.bytes, salt, 'leakproof recording 1', 32));
  }
  if (!('passphrase' in key)) throw wrongKind('a passphrase');
  const { N, r, p } = header.kdf;
  return scryptSync(key.passphrase, salt, 32, { N, r, p, maxmem: 256 * N * r });
}

/** The header in `text`, or undefined if it is not valid. */
export function parseHeader(text: string): RecordingHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const header = value as Partial<RecordingHeader>;
  const isWhole =
    header.leakproof === 'recording' &&
    header.version === 1 &&
    typeof header.identity === 'string' &&
    (header.mode === 'full' || header.mode === 'shapes-only') &&
    Number.isFinite(header.created) &&
    Number.isFinite(header.expires) &&
    typeof header.salt === 'string' &&
    isKdf(header.kdf);
  return isWhole ? (header as RecordingHeader) : undefined;
}

/** Parameters from a file are checked against bounds, because an attacker could choose ones that need much memory. */
function isKdf(kdf: unknown): boolean {
  if (kdf === null || typeof kdf !== 'object' || !('name' in kdf)) return false;
  if (kdf.name === 'key-file') return true;
  const { N, r, p } = kdf as { N?: unknown; r?: unknown; p?: unknown };
  return (
    kdf.name === 'scrypt' &&
    typeof N === 'number' &&
    N <= MAX_SCRYPT_N &&
    N > 1 &&
    (N & (N - 1)) === 0 &&
    r === 8 &&
    p === 1
  );
}

function wrongKind(needed: string): LeakproofError {
  return new LeakproofError('LP-RECORDING-KEY', `this recording needs ${needed}`);
}

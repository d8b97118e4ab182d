/**
 * The parts of DER (X.690) that are needed to write a certificate. It does not read DER, and its input must be trusted.
 */
export type Der = Buffer;

export function sequence(...parts: readonly Der[]): Der {
  return tagged(0x30, Buffer.concat(parts));
}

export function set(...parts: readonly Der[]): Der {
  return tagged(0x31, Buffer.concat(parts));
}

/** A positive integer of any length. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes.findIndex((byte) => byte !== 0);
  const trimmed = first < 0 ? Buffer.of(0) : Buffer.from(bytes.subarray(first));
  return tagged(0x02, (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed);
}

export function boolean(value: boolean): Der {
  return tagged(0x01, Buffer.of(value ? 0xff : 0));
}

export function octets(bytes: Uint8Array): Der {
  return tagged(0x04, bytes);
}

/** `unused`: bits at the end of the last byte that are not part of the value. */
export function bits(bytes: Uint8Array, unused = 0): Der {
  return tagged(0x03, Buffer.concat([Buffer.of(unused), bytes]));
}

export function utf8(text: string): Der {
  return tagged(0x0c, Buffer.from(text));
}

/** An object identifier such as `2.5.4.3`. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
export function time(at: number): Der {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return new Date(at).getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}

/** Context tag `[number]`; `constructed` if it contains other parts. */
export function context(number: number, content: Uint8Array, constructed: boolean): Der {
  return tagged(0x80 | (constructed ? 0x20 : 0) | number, content);
}

function tagged(tag: number, content: Uint8Array): Der {
  return Buffer.concat([Buffer.of(tag), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  const digits: number[] = [];
  for (let left = bytes; left > 0; left = Math.floor(left / 256)) digits.unshift(left % 256);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 | (left % 128));
  return digits;
}

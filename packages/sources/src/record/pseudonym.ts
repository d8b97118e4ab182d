import { createHmac } from 'node:crypto';
import { decodeGlobalId, shapeOfString, type StringShape } from '../inventory/stats/value-shape.ts';

/** Replaces a value by another of the same shape. Equal values have equal pseudonyms, which disclose nothing else of them. */
export interface Pseudonyms {
  string(value: string): string;
  number(value: number | bigint): number;
}

/** `key` should be discarded after use: with it, guessed values could be compared with pseudonyms. */
export function pseudonyms(key: Uint8Array): Pseudonyms {
  const digestOf = (purpose: string, value: string): Buffer =>
    createHmac('sha512', key).update(purpose).update('\0').update(value).digest();
  return {
    string: (value) => substitute(value, shapeOfString(value), (text) => digestOf('value', text)),
    number: (value) => {
      if (typeof value === 'number' && !Number.isInteger(value))
        return Number(`${digestOf('number', String(value)).readUInt16BE(0)}.5`);
      const digits = String(value).replace('-', '').slice(0, 15);
      return Number(digitsOf(digestOf('value', String(value)), digits.length));
    },
  };
}

function substitute(value: string, shape: StringShape, digestOf: (text: string) => Buffer): string {
  const digest = digestOf(value);
  const hex = digest.toString('hex');
  switch (shape) {
    case 'empty':
    case 'version':
      return value;
    case 'uuid':
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    case 'int':
      return digitsOf(digest, value.replace('-', '').length);
    case 'decimal':
      return `${digitsOf(digest, 2)}.${digitsOf(digest.subarray(8), 2)}`;
    case 'hex':
    case 'object-id':
      return `1${hex.repeat(2)}`.slice(0, value.length);
    case 'ulid':
      return `01${letters(digest, 24, '0123456789ABCDEFGHJKMNPQRSTVWXYZ')}`;
    case 'date':
      return '2000-01-01';
    case 'date-time':
      return '2000-01-01T00:00:00Z';
    case 'ip':
      return `192.0.2.${digest[0] ?? 0}`;
    case 'email':
      return `${hex.slice(0, 12)}@example.invalid`;
    case 'phone':
      return `+00${digitsOf(digest, 9)}`;
    case 'jwt':
      return `eyJ${hex.slice(0, 20)}.${hex.slice(20, 40)}.${hex.slice(40, 60)}`;
    case 'url':
      return `https://example.invalid/${hex.slice(0, 24)}`;
    case 'global-id': {
      const { type, id } = decodeGlobalId(value) ?? { type: 'Node', id: value };
      return Buffer.from(`${type}:${substitute(id, shapeOfString(id), digestOf)}`).toString('base64');
    }
    case 'composite':
      return `${letters(digest, 4, LOWER)}:${digitsOf(digest.subarray(8), 6)}`;
    case 'token':
      return `x${hex.slice(0, 2)}1a2B3${letters(digest, 12, 'a1B2c3D4e5F6')}`;
    case 'slug':
      return `${letters(digest, 6, LOWER)}-${letters(digest.subarray(8), 6, LOWER)}`;
    case 'word':
      return letters(digest, Math.min(20, Math.max(8, value.length)), LOWER);
    case 'text':
      return `${letters(digest, 8, LOWER)} ${letters(digest.subarray(8), 8, LOWER)}.`;
  }
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';

function letters(digest: Uint8Array, count: number, alphabet: string): string {
  return Array.from({ length: count }, (_, at) => alphabet[(digest[at] ?? at) % alphabet.length]).join('');
}

/** `count` digits without a leading zero, so that a number keeps its length. */
function digitsOf(digest: Uint8Array, count: number): string {
  return Array.from({ length: count }, (_, at) =>
    at === 0 ? 1 + ((digest[at] ?? 0) % 9) : ((digest[at % 60] ?? 0) + at) % 10,
  ).join('');
}

import { shapeOfString } from '../inventory/stats/value-shape.ts';

/**
 * The estimated entropy of a value in bits, by its shape and length. 0 for values that cannot identify anything: booleans, single
 * digits, words of three letters, and long texts.
 */
export function entropyBits(value: string): number {
  if (value.length > 400) return 0;
  switch (shapeOfString(value)) {
    case 'uuid':
      return 122;
    case 'int':
      return value.length < 2 ? 0 : Math.min(128, Math.log2(10) * value.replace(/^-/, '').length);
    case 'hex':
    case 'object-id':
      return 4 * value.length;
    case 'ulid':
      return 80;
    case 'token':
    case 'jwt':
    case 'global-id':
      return 5 * value.length;
    case 'email':
    case 'url':
    case 'phone':
    case 'composite':
      return 3 * value.length;
    case 'word':
    case 'slug':
      return value.length < 4 || /^(?:true|false|null|none|undefined)$/i.test(value) ? 0 : 2.5 * value.length;
    case 'text':
      return value.length > 80 ? 0 : 2 * value.length;
    case 'empty':
    case 'decimal':
    case 'date':
    case 'date-time':
    case 'ip':
    case 'version':
      return 0;
  }
}

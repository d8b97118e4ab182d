const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Cookie octets, also in quotes. */
const VALUE =
  /^(?:[\u0021\u0023-\u002b\u002d-\u003a\u003c-\u005b\u005d-\u007e]*|"[\u0021\u0023-\u002b\u002d-\u003a\u003c-\u005b\u005d-\u007e]*")$/;
const MAX_BYTES = 4_096;
/** A date as Netscape cookies have it, which frameworks still write: `Thu, 01-Jan-1970 00:00:00 GMT`. */
const DASHED_DATE = /^[A-Z][a-z]{2,8}, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2,4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;

/** Attributes without a value, and the grammar of the values of others (RFC 6265 §4.1.1 and its revision). */
const FLAGS = new Set(['secure', 'httponly', 'partitioned']);
const ATTRIBUTES: ReadonlyMap<string, RegExp> = new Map([
  ['max-age', /^-?[0-9]{1,12}$/],
  ['domain', /^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i],
  ['path', /^\/[A-Za-z0-9\-._~!$&'()*+,=:@%/]*$/],
  ['samesite', /^(?:strict|lax|none)$/i],
  ['priority', /^(?:low|medium|high)$/i],
]);

/**
 * A `Set-Cookie` as the client gets it: its name, its value, and the attributes that browsers know, each held to its grammar. The
 * value is the origin's, and is not judged. Undefined: it is no cookie.
 */
export function cookieToClient(value: string, httpDate: RegExp): string | undefined {
  const [pair = '', ...attributes] = value.split(';').map((each) => each.trim());
  const equals = pair.indexOf('=');
  if (equals < 1 || pair.length > MAX_BYTES || !NAME.test(pair.slice(0, equals)) || !VALUE.test(pair.slice(equals + 1)))
    return undefined;
  return [pair, ...attributes.filter((each) => isAttribute(each, httpDate))].join('; ');
}

function isAttribute(text: string, httpDate: RegExp): boolean {
  const equals = text.indexOf('=');
  if (equals < 0) return FLAGS.has(text.toLowerCase());
  const name = text.slice(0, equals).toLowerCase();
  const value = text.slice(equals + 1);
  if (name === 'expires') return httpDate.test(value) || DASHED_DATE.test(value);
  return ATTRIBUTES.get(name)?.test(value) ?? false;
}

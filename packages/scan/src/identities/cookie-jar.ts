import type { Headers } from '@leakproof/core';

/** Cookies of one identity at one host (RFC 6265 §5.3, without domains and paths: a cookie goes back to its own host only). */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** `text`: the value of a `Cookie` header. */
  constructor(text = '') {
    for (const pair of text.split(';')) {
      const [name, value] = cut(pair);
      if (name !== '') this.#cookies.set(name, value);
    }
  }

  /** The value of the `Cookie` header; empty if there is no cookie. */
  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** The names of the cookies with this value. */
  namesOf(value: string): readonly string[] {
    return [...this.#cookies].flatMap(([name, each]) => (each === value ? [name] : []));
  }

  /** Follows the `Set-Cookie` headers of a response. `now`: milliseconds since 1970. */
  follow(headers: Headers, now: number): void {
    for (const [header, text] of headers) {
      if (header !== 'set-cookie') continue;
      const [pair = '', ...attributes] = text.split(';');
      const [name, value] = cut(pair);
      if (name === '' || !VALUE.test(value)) continue;
      if (isExpired(attributes, now)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** What a header can carry, without the separator of cookies. */
const VALUE = /^[\x20-\x3a\x3c-\x7e]*$/;

function cut(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  return equals < 1 ? ['', ''] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}

/** `Max-Age` counts before `Expires` (RFC 6265 §5.3). */
function isExpired(attributes: readonly string[], now: number): boolean {
  const named = new Map(attributes.map((each) => cut(each)).map(([name, value]) => [name.toLowerCase(), value]));
  const maxAge = named.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  const expires = Date.parse(named.get('expires') ?? '');
  return !Number.isNaN(expires) && expires <= now;
}

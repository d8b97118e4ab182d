/** The parsed target of a request; nothing is normalised. */
export interface Target {
  /** Path segments as sent, without the leading slash. After a trailing slash the last one is empty: `/x/` is not `/x`. */
  readonly segments: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Why a target is refused: two servers could read it differently (pitfalls T1, T4 in docs/pitfalls.md). */
export type TargetFault = 'not-origin-form' | 'ambiguous-path' | 'ambiguous-query';

// Characters allowed in a path: RFC 3986 pchar without ";" (path parameters are read differently by different servers).
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@%/]*$/;
// Dot, slash, backslash, NUL, percent and every unreserved character must not be percent-encoded.
const HIDDEN =
  /%(?![0-9A-Fa-f]{2})|%(?:2[dDeEfF]|5[cCfF]|7[eE]|00|0[aAdD]|25[0-9A-Fa-f]{2}|3[0-9]|[46][1-9A-Fa-f]|[57][0-9aA])/;

/**
 * Reads an origin-form target (RFC 9112 §3.2.1). The matched string is the forwarded string: nothing is
 * normalised, and what two readers could read differently is a fault.
 */
export function readTarget(target: string): Target | TargetFault {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (!path.startsWith('/')) return 'not-origin-form';
  if (!PATH.test(path) || (path.includes('%') && HIDDEN.test(path))) return 'ambiguous-path';
  if (path.includes('//')) return 'ambiguous-path';
  const segments = path.slice(1).split('/');
  if (path.includes('/.') && segments.some((segment) => segment === '.' || segment === '..')) return 'ambiguous-path';
  const query = mark < 0 ? [] : readQuery(target.slice(mark + 1));
  return query ? { segments, query } : 'ambiguous-query';
}

/** Decodes one path segment; undefined if its escapes are not UTF-8. */
export function decodeSegment(segment: string): string | undefined {
  return percentDecode(segment);
}

function readQuery(text: string): [string, string][] | undefined {
  if (text === '') return [];
  const pairs: [string, string][] = [];
  // eslint-disable-next-line no-control-regex
  if (/[^\u0021-\u007e]|[#;\\]/.test(text)) return undefined;
  for (const part of text.split('&')) {
    const mark = part.indexOf('=');
    const name = percentDecode(mark < 0 ? part : part.slice(0, mark), true);
    const value = percentDecode(mark < 0 ? '' : part.slice(mark + 1), true);
    if (!name || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function percentDecode(text: string, plusIsSpace = false): string | undefined {
  const source = plusIsSpace && text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!source.includes('%')) return source;
  const bytes: number[] = [];
  for (let at = 0; at < source.length; at++) {
    if (source[at] !== '%') bytes.push(source.charCodeAt(at));
    else {
      const hex = source.slice(at + 1, at + 3);
      if (!/^[0-9A-Fa-f]{2}$/.test(hex) || hex === '00') return undefined;
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    }
  }
  try {
    return DECODER.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

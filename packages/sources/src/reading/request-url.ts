/** The parts of a request's URL as the wire has them. */
export interface RequestUrl {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly target: string;
  /** `user:password` of the URL, still percent-encoded. A browser sends it as an Authorization header. */
  readonly userinfo?: string | undefined;
}

const URL_PARTS = /^(https?):\/\/([^/?#\\]+)([^#]*)/i;
const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s:@<>"^`{}|[\]]+)(?::(\d{1,5})?)?$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Cuts an absolute URL; path and query stay byte for byte, spaces and control characters in them are percent-encoded. A
 * default port is dropped, a fragment too. `url-not-http` is a URL of another scheme, `url-invalid` no URL at all.
 */
export function cutUrl(url: string): RequestUrl | 'url-invalid' | 'url-not-http' {
  const parts = URL_PARTS.exec(url);
  if (parts === null) return SCHEME.test(url) && !/^https?:/i.test(url) ? 'url-not-http' : 'url-invalid';
  const scheme = parts[1]?.toLowerCase() === 'https' ? 'https' : 'http';
  const full = parts[2] ?? '';
  const at = full.lastIndexOf('@');
  const authority = normalAuthority(at < 0 ? full : full.slice(at + 1), scheme);
  if (authority === undefined) return 'url-invalid';
  const target = originForm(parts[3] ?? '');
  return at < 0 ? { scheme, authority, target } : { scheme, authority, target, userinfo: full.slice(0, at) };
}

/** Lower case, without the scheme's own port; undefined if it is not `host` or `host:port`. */
export function normalAuthority(authority: string, scheme: 'http' | 'https'): string | undefined {
  const host = HOST.exec(authority);
  if (host === null) return undefined;
  const lower = authority.toLowerCase();
  const port = host[1];
  if (port === undefined) return lower.endsWith(':') ? lower.slice(0, -1) : lower;
  if (Number(port) > 65_535) return undefined;
  return Number(port) === (scheme === 'https' ? 443 : 80) ? lower.slice(0, -port.length - 1) : lower;
}

/** A path and query that may stand in a request line. */
export function originForm(target: string): string {
  const rooted = target.startsWith('/') ? target : `/${target}`;
  for (let at = 0; at < rooted.length; at += 1) {
    const code = rooted.charCodeAt(at);
    // oxlint-disable-next-line no-control-regex
    if (code <= 0x20 || code === 0x7f) return rooted.replaceAll(/[\u0000-\u0020\u007f]/g, encodeURIComponent);
  }
  return rooted;
}

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** The method in upper case, or undefined if it is not a token (RFC 9110 §5.6.2). */
export function normalMethod(method: unknown): string | undefined {
  if (method === 'GET' || method === 'POST') return method;
  return typeof method === 'string' && METHOD.test(method) ? method.toUpperCase() : undefined;
}

/** The Authorization header a browser makes of a URL's `user:password`. */
export function basicOfUserinfo(userinfo: string): string {
  let plain = userinfo;
  try {
    plain = decodeURIComponent(userinfo);
  } catch {
    // A stray per cent sign stands for itself.
  }
  return `Basic ${Buffer.from(plain.includes(':') ? plain : `${plain}:`).toString('base64')}`;
}

/** The parts of a request's URL, as sent. */
export interface RequestUrl {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly target: string;
  /** `user:password` of the URL, percent-encoded. Browsers send it as an Authorization header. */
  readonly userinfo?: string | undefined;
}

const URL_PARTS = /^(https?):\/\/([^/?#\\]+)([^#]*)/i;
const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s:@<>"^`{}|[\]]+)(?::(\d{1,5})?)?$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Splits an absolute URL. Path and query are unchanged, but for spaces and control characters, which are percent-encoded; a default
 * port and a fragment are removed. `url-not-http`: a URL of another scheme; `url-invalid`: not a URL.
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

/** In lower case, without the default port of the scheme; undefined if it is not `host` or `host:port`. */
export function normalAuthority(authority: string, scheme: 'http' | 'https'): string | undefined {
  const host = HOST.exec(authority);
  if (host === null) return undefined;
  const lower = authority.toLowerCase();
  const port = host[1];
  if (port === undefined) return lower.endsWith(':') ? lower.slice(0, -1) : lower;
  if (Number(port) > 65_535) return undefined;
  return Number(port) === (scheme === 'https' ? 443 : 80) ? lower.slice(0, -port.length - 1) : lower;
}

/** A path and query that are valid in a request line. */
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

/** The method in upper case; undefined if it is not a token (RFC 9110 §5.6.2). */
export function normalMethod(method: unknown): string | undefined {
  if (method === 'GET' || method === 'POST') return method;
  return typeof method === 'string' && METHOD.test(method) ? method.toUpperCase() : undefined;
}

/** The Authorization header that a browser sends for `user:password` in a URL. */
export function basicOfUserinfo(userinfo: string): string {
  let plain = userinfo;
  try {
    plain = decodeURIComponent(userinfo);
  } catch {
    // Not percent-encoded: used as it is.
  }
  return `Basic ${Buffer.from(plain.includes(':') ? plain : `${plain}:`).toString('base64')}`;
}

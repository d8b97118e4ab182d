/** Matches a `host:port` or host against `patterns`: exact, or `*.example.org` for all subdomains. */
export function hostMatcher(patterns: readonly string[]): (authority: string) => boolean {
  const wanted = patterns.map((pattern) => split(pattern.trim().toLowerCase()));
  return (authority) => {
    const { host, port } = split(authority.toLowerCase());
    return wanted.some(
      (pattern) => (pattern.port === undefined || pattern.port === port) && matches(host, pattern.host),
    );
  };
}

function matches(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function split(authority: string): { readonly host: string; readonly port: string | undefined } {
  const match = /^(.*?):(\d+)$/.exec(authority);
  return match?.[1] !== undefined ? { host: match[1], port: match[2] } : { host: authority, port: undefined };
}

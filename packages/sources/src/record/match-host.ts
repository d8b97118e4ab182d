import { isIPv6 } from 'node:net';
import { LeakproofError } from '@leakproof/core';

const NAME = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?(?::[0-9]{1,5})?$/i;

/** Throws LP-RECORD-OPTIONS if one of the patterns could match no host. */
export function assertHostPatterns(patterns: readonly string[]): void {
  const wrong = patterns.find((pattern) => !NAME.test(pattern.trim()) && !isIPv6(addressIn(pattern.trim())));
  if (wrong === undefined) return;
  throw new LeakproofError('LP-RECORD-OPTIONS', `"${wrong}" is not a host.`, {
    fix: 'Write api.example.org or *.example.org, with :port if it is not the default.',
  });
}

/** `[::1]:80` → `::1`. */
const addressIn = (pattern: string): string => pattern.replace(/^\[(.*)\](?::[0-9]{1,5})?$/, '$1');

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

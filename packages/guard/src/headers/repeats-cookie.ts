import type { Headers } from '@leakproof/core';
import { headerValues } from '@leakproof/http';

/**
 * True if a request has two cookies of one name (RFC 6265 §5.4): servers take the first or the last. Names are compared as a
 * server that decodes them would read them.
 */
export function repeatsCookie(headers: Headers): boolean {
  const names = headerValues(headers, 'cookie').flatMap((value) =>
    value.split(';').flatMap((pair) => {
      const [name = ''] = pair.trim().replace(/^=+/, '').split('=', 1);
      return pair.includes('=') ? [folded(name.trim())] : [];
    }),
  );
  return new Set(names).size < names.length;
}

function folded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

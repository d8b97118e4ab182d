/** The key of a known principal among all callers: it begins with `[`, as no address does. */
export function knownKey(kind: string, token: string): string {
  return JSON.stringify([kind, token]);
}

/** False for the network of an anonymous caller (`networkOf`). */
export function isKnownCaller(caller: string): boolean {
  return caller.startsWith('[');
}

/** Bits of the prefixes that share a budget once the tables are full, the finest first. */
const LEVELS = { ipv4: [32, 24, 16], ipv6: [64, 48, 32, 20] } as const;

/**
 * The network of a peer: its IPv4 address, or the /64 of its IPv6 address, of which one client has all addresses. Text that is no
 * address is returned unchanged.
 */
export function networkOf(peer: string): string {
  return peer.includes(':') ? (networksOf(peer)[0] ?? peer) : peer;
}

/** The network of a peer and the wider networks around it, the widest last. */
export function networksOf(peer: string): readonly string[] {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(peer)?.[1];
  const address = mapped ?? peer;
  const groups = address.includes(':') ? ipv6Groups(address) : undefined;
  if (groups) return LEVELS.ipv6.map((bits) => `${prefix(groups, bits, 16).toString(16)}/${bits}`);
  const bytes = /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address.split('.').map(Number) : undefined;
  if (!bytes) return [address];
  return LEVELS.ipv4.map((bits) => (bits === 32 ? address : `${prefix(bytes, bits, 8).toString(16)}/${bits}`));
}

/** The first bits of an address as a number. */
function prefix(parts: readonly number[], bits: number, width: number): bigint {
  const all = parts.reduce((sum, part) => (sum << BigInt(width)) | BigInt(part), 0n);
  return all >> BigInt(parts.length * width - bits);
}

/** The eight groups of an IPv6 address, without its zone. */
function ipv6Groups(address: string): readonly number[] | undefined {
  const [text = ''] = address.split('%', 1);
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const left = groupsIn(head);
  const right = tail === undefined ? [] : groupsIn(tail);
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  return groups.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffff) ? groups : undefined;
}

function groupsIn(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(group)?.slice(1).map(Number);
    const [a = 0, b = 0, c = 0, d = 0] = bytes ?? [];
    return bytes ? [a * 256 + b, c * 256 + d] : [/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : NaN];
  });
}

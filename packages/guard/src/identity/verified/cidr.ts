import { BlockList, isIP } from 'node:net';

/** Matches IP addresses that are in one of the blocks (`127.0.0.1/32`, `10.0.0.0/8`, `fd00::/8`). */
export function cidrMatcher(blocks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', bits] = block.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (given) => {
    // A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d.
    const address = given.replace(/^::ffff:(?=\d+\.)/i, '');
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

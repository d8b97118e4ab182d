/** Whether a text is an IP address, or a block of them (RFC 4632, RFC 4291 §2.3). */
export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0 || (bits !== undefined && !/^[0-9]{1,3}$/.test(bits))) return false;
  const isIpv6 = address.includes(':');
  return (isIpv6 ? isIpv6Address(address) : isIpv4Address(address)) && Number(bits ?? 0) <= (isIpv6 ? 128 : 32);
}

function isIpv4Address(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

/** Without a zone, and without the dotted form of its last 32 bits. */
function isIpv6Address(text: string): boolean {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (halves.length > 2 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

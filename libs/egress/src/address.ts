import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** Only 2000::/3 is assigned as global unicast. All special and embedding prefixes below and above it are not. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Ranges that a listed name may never stand for. Only cloud metadata lives there. */
const neverByName: ReadonlySet<string> = new Set(['linkLocal', 'multicast', 'unspecified', 'broadcast']);

/**
 * Parses a strict IP address, or returns undefined: no octal, hexadecimal, or shortened IPv4. A URL parser has already
 * normalized those.
 */
export function parseAddress(text: string): IpAddress | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : undefined;
}

/** Whether an address is an ordinary one of the public internet. An unknown range is not public. */
export function isPublic(address: IpAddress): boolean {
  if (address.range() !== 'unicast') return false;
  if (!(address instanceof ipaddr.IPv6)) return true;
  return address.match(globalUnicast) && address.zoneId === undefined && !isIsatap(address);
}

/** Whether a name that the operator listed may stand for this address. */
export function isReachableByName(address: IpAddress): boolean {
  const range = address.range();
  return isPublic(address) || ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'].includes(range);
}

/** The range of an address, for audit: `loopback`, `linkLocal`, … */
export function describeAddress(address: IpAddress): string {
  const range = address.range();
  return neverByName.has(range) || range !== 'unicast'
    ? `${address.toString()} (${range})`
    : address.toString();
}

/** Interface identifiers 0000:5efe and 0200:5efe carry an IPv4 address in any prefix (ISATAP). */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x0200);
}

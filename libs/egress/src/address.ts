import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** Only 2000::/3 is handed out as global unicast; all special and embedding prefixes below and above it are not. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** What a listed name may never stand for, since no service lives there except cloud metadata. */
const NEVER_BY_NAME: ReadonlySet<string> = new Set(['linkLocal', 'multicast', 'unspecified', 'broadcast']);

/** A strict IP address, or undefined: no octal, hexadecimal, or shortened IPv4 (a URL parser has resolved those before). */
export function parseAddress(text: string): IpAddress | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : undefined;
}

/** Whether an address is an ordinary one of the public internet. Everything that is not known to be is not. */
export function isPublic(address: IpAddress): boolean {
  if (address.range() !== 'unicast') return false;
  if (!(address instanceof ipaddr.IPv6)) return true;
  return address.match(GLOBAL_UNICAST) && address.zoneId === undefined && !isIsatap(address);
}

/** Whether a name that the operator listed may stand for this address. */
export function isReachableByName(address: IpAddress): boolean {
  const range = address.range();
  return isPublic(address) || ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'].includes(range);
}

/** The range an address belongs to, for audit: `loopback`, `linkLocal`, … */
export function describeAddress(address: IpAddress): string {
  const range = address.range();
  return NEVER_BY_NAME.has(range) || range !== 'unicast'
    ? `${address.toString()} (${range})`
    : address.toString();
}

/** Interface identifiers 0000:5efe and 0200:5efe carry an IPv4 address in any prefix (ISATAP). */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x0200);
}

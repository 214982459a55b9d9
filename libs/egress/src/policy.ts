/** Finds the addresses of a name. Errors carry a system code such as `ENOTFOUND`. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Where requests may go, and with what limits. One `Egress` has one policy; connections are never shared between two. */
export interface EgressPolicy {
  /**
   * What the operator trusts beyond the public internet: `host`, `host:port`, `address`, `address:port`, `[v6]:port`,
   * `cidr`, `cidr:port`; the port `*` stands for all. Without a port, the ports of `ports`. A listed name may resolve to private addresses, but never
   * to link-local, multicast or unspecified ones; those must be listed as addresses.
   * @default nothing
   */
  readonly allow?: readonly string[];
  /** Where plain http is allowed: `listed` means destinations that match `allow`. @default 'listed' */
  readonly http?: 'never' | 'listed' | 'always';
  /** Ports of destinations that are not listed with one. @default [443, 80] */
  readonly ports?: readonly number[];
  /** For name resolution, TCP and TLS together, milliseconds. @default 5 000 */
  readonly connectTimeoutMs?: number;
  /** From the request sent to the response head, milliseconds; 0 leaves it to the deadline. @default 0 */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of a response body, milliseconds; 0 leaves it to the deadline. @default 0 */
  readonly bodyIdleTimeoutMs?: number;
  /** @default 64 */
  readonly connectionsPerOrigin?: number;
  /** How long an idle connection is kept when the server gives no hint, milliseconds. @default 4 000 */
  readonly keepAliveMs?: number;
  /** Response heads above this are refused, bytes. @default 32 768 */
  readonly maxResponseHeadBytes?: number;
  /** Certificate authorities, PEM, in place of the public ones. */
  readonly ca?: string | readonly string[];
  /** @default the resolver of the operating system */
  readonly resolve?: Resolve;
  /** Sent when the request brings no `user-agent`. @default 'action-mesh' */
  readonly userAgent?: string;
}

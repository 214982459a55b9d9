/** Finds the addresses of a name. Its errors carry a system code such as `ENOTFOUND`. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The destinations and limits of requests. One `Egress` has one policy; two of them never share connections. */
export interface EgressPolicy {
  /**
   * Destinations that the operator trusts beyond the public internet: `host`, `host:port`, `address`, `address:port`,
   * `[v6]:port`, `cidr`, `cidr:port`. The port `*` stands for all ports. An entry without a port has the ports of
   * `ports`. A listed name may resolve to private addresses. Link-local, multicast and unspecified addresses must be
   * listed as addresses.
   * @default nothing
   */
  readonly allow?: readonly string[];
  /** Destinations that allow plain http. `listed` means destinations that match `allow`. @default 'listed' */
  readonly http?: 'never' | 'listed' | 'always';
  /** Ports of destinations without a listed port. @default [443, 80] */
  readonly ports?: readonly number[];
  /** For name resolution, TCP and TLS together, milliseconds. @default 5 000 */
  readonly connectTimeoutMs?: number;
  /** From the sent request to the response head, milliseconds; 0 leaves it to the deadline. @default 0 */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of a response body, milliseconds; 0 leaves it to the deadline. @default 0 */
  readonly bodyIdleTimeoutMs?: number;
  /** @default 64 */
  readonly connectionsPerOrigin?: number;
  /** How long an idle connection is kept without a hint from the server, milliseconds. @default 4 000 */
  readonly keepAliveMs?: number;
  /** The largest response head, bytes. A larger one is refused. @default 32 768 */
  readonly maxResponseHeadBytes?: number;
  /** Certificate authorities, PEM, in place of the public ones. */
  readonly ca?: string | readonly string[];
  /** @default the resolver of the operating system */
  readonly resolve?: Resolve;
  /** The `user-agent` of a request that has none. @default 'action-mesh' */
  readonly userAgent?: string;
}

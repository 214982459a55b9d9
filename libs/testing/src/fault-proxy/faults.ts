/** `up` is towards the target, `down` towards the client. */
export type FlowDirection = 'up' | 'down';

/** The end of a connection: an orderly FIN, or an RST that the other side sees as ECONNRESET. */
export type ConnectionEnd = 'fin' | 'rst';

/** The faults of a connection. Changes apply at once, to open connections too. An absent field means no fault. */
export interface Faults {
  /** Extra latency in each direction, milliseconds. */
  readonly latencyMs?: number;
  /** The most random latency on top of `latencyMs`, milliseconds. Bytes stay in order. */
  readonly jitterMs?: number;
  /** Stops reading from this side. Bytes stay unread and no side sees an error. */
  readonly blackHole?: FlowDirection | 'both';
  /** Ends the connection on both sides after this many more bytes in this direction. The bytes before are delivered. */
  readonly cut?: {
    readonly direction: FlowDirection;
    readonly afterBytes: number;
    readonly how: ConnectionEnd;
  };
  /**
   * Delivers the client's bytes, and never the target's answer. `swallow` keeps the client waiting. The others end its
   * connection at the first byte of the answer, which proves that the target served the request.
   */
  readonly dropResponse?: ConnectionEnd | 'swallow';
  /** Resets new connections on arrival. Open ones continue. */
  readonly refuse?: boolean;
}

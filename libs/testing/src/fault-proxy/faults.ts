/** `up` is towards the target, `down` towards the client. */
export type FlowDirection = 'up' | 'down';

/** How a connection ends: an orderly FIN, or an RST that the other side sees as ECONNRESET. */
export type ConnectionEnd = 'fin' | 'rst';

/** What goes wrong on the way. Changes apply at once, to open connections too; no field means no fault. */
export interface Faults {
  /** Added to each direction, milliseconds. */
  readonly latencyMs?: number;
  /** Up to this much more latency, at random, order kept; milliseconds. */
  readonly jitterMs?: number;
  /** Stop reading from this side: bytes stay unread and nobody is told. */
  readonly blackHole?: FlowDirection | 'both';
  /** End the connection, on both sides, once so many more bytes went in this direction; the bytes before it are delivered. */
  readonly cut?: {
    readonly direction: FlowDirection;
    readonly afterBytes: number;
    readonly how: ConnectionEnd;
  };
  /**
   * Deliver what the client sends, and never what the target answers: `swallow` keeps the client waiting, the others
   * end its connection when the first byte of the answer is there, which proves that the request was served.
   */
  readonly dropResponse?: ConnectionEnd | 'swallow';
  /** Reset new connections as they arrive. Open ones go on. */
  readonly refuse?: boolean;
}

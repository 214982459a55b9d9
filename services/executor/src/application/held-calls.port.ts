/** The calls that kill switches hold, in the ledger. */
export interface HeldCalls {
  /** The ids of the switches that hold calls. */
  holdingSwitches(): Promise<readonly string[]>;
  /**
   * Lets up to `limit` calls go that these switches hold, the longest held first: they wait for their tenant's turn from
   * then on. Returns their number.
   */
  release(switchIds: readonly string[], limit: number): Promise<number>;
}

export const HeldCalls = Symbol('HeldCalls');

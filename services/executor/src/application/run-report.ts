/** Reports events that no caller waits for. */
export interface RunReport {
  /** The ledger refused a write: another instance owns the call. */
  fenced(callId: string): void;
  /** A run broke off. The next owner settles the call. */
  broken(callId: string, error: unknown): void;
}

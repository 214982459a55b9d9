import type { TraceContext } from '@action-mesh/kernel';

/** Reports events that no caller waits for. `trace`: that of the call. */
export interface RunReport {
  /** The ledger refused a write: another instance owns the call. */
  fenced(callId: string, trace: TraceContext): void;
  /** A run broke off. The next owner settles the call. */
  broken(callId: string, error: unknown, trace: TraceContext): void;
}

/** An event of a trigger: a webhook that arrived, or the time of a schedule. */
export interface FiredEvent {
  readonly trigger_id: string;
  readonly tenant_id: string;
  readonly trigger: string;
  readonly scheme: string;
  /** Repetitions of a delivery share it: drop one that you have handled. */
  readonly delivery_id: string;
  readonly payload: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly received_at: string;
}

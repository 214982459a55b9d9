/** An outcome, as far as endpoints select by it. */
export interface SelectableOutcome {
  readonly tenantId: string;
  readonly userId: string;
  readonly agentId?: string | undefined;
  readonly runId?: string | undefined;
  readonly tool: string;
  readonly status: string;
  readonly callId: string;
  readonly seq: number;
  readonly at: string;
}

/** A message for one endpoint. `outcome` is the place in the list. */
export interface SelectedOutcome {
  readonly outcome: number;
  readonly endpointId: string;
}

/** A new delivery. A second one of the same outcome to the same endpoint is not recorded. */
export interface NewDelivery {
  readonly id: string;
  readonly tenantId: string;
  readonly endpointId: string;
  readonly callId: string;
  readonly seq: number;
  readonly type: string;
  readonly body: string;
}

/** Turns outcomes into deliveries. Rejects with `DeliveryRecordUnavailableError` when a later attempt may succeed. */
export interface WebhookRecord {
  /** The endpoints of each outcome. */
  select(outcomes: readonly SelectableOutcome[]): Promise<readonly SelectedOutcome[]>;
  /** Resolves after the commit. Deliveries to a disabled endpoint are recorded as skipped. */
  record(deliveries: readonly NewDelivery[]): Promise<void>;
}

export const WebhookRecord = Symbol('WebhookRecord');

import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { DeliveryState, DeliveryView } from '@action-mesh/contracts/webhooks';

/** A delivery on which this instance works. */
export interface ClaimedTriggerDelivery {
  readonly event: FiredTrigger;
  readonly traceparent: string | undefined;
  /** The accepted calls, if an earlier claim has come so far. */
  readonly plan: readonly AcceptedCall[] | undefined;
  /** Every write of this claim carries it. After another claim it changes nothing. */
  readonly claim: number;
}

/** The end of the work on a delivery. */
export interface TriggerDeliveryEnd {
  readonly state: Exclude<DeliveryState, 'received'>;
  readonly reason?: string;
  readonly detail?: string;
}

/** A question for deliveries of a trigger, the newest first. */
export interface DeliveryQuery {
  readonly state?: DeliveryState | undefined;
  readonly limit: number;
  /** The id of the last delivery of the page before. */
  readonly before?: string | undefined;
}

/** The record of deliveries. */
export interface TriggerDeliveries {
  /**
   * Records a delivery. `repeated`: its trigger has a delivery with this id already, and nothing changes. A delivery with
   * the content of an earlier one, where nothing else is signed, is recorded as skipped. `undeclared`: the tenant has no such
   * trigger, and nothing is recorded.
   */
  record(event: FiredTrigger, traceparent: string | undefined): Promise<'new' | 'repeated' | 'undeclared'>;
  /** Claims open deliveries, of all tenants in turn. */
  claim(limit: number): Promise<readonly ClaimedTriggerDelivery[]>;
  /** False: another instance has claimed the delivery since. */
  savePlan(delivery: ClaimedTriggerDelivery, calls: readonly AcceptedCall[]): Promise<boolean>;
  finish(delivery: ClaimedTriggerDelivery, end: TriggerDeliveryEnd): Promise<void>;
  list(tenantId: string, trigger: string, query: DeliveryQuery): Promise<readonly DeliveryView[]>;
  /** Opens a failed or skipped delivery again. `unknown`: there is none. `closed`: its state does not allow it. */
  reopen(tenantId: string, trigger: string, id: string): Promise<DeliveryView | 'unknown' | 'closed'>;
  /** Removes ended deliveries of before a time. Returns their number. */
  prune(beforeMs: number, limit: number): Promise<number>;
}

export const TriggerDeliveries = Symbol('TriggerDeliveries');

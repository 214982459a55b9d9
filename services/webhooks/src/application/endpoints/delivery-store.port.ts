import type { WebhookDeliveryQuery } from '@action-mesh/contracts/webhooks';

import type { AttemptResult, Settlement } from '../../domain/endpoints/delivery-end.js';
import type { StoredDelivery } from '../../domain/endpoints/endpoint.js';
import type { EndpointName } from './endpoint-store.port.js';

/** A delivery that this instance has claimed, with the address and the sealed secrets of its endpoint. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly tenantId: string;
  readonly endpointId: string;
  readonly isTest: boolean;
  readonly url: string;
  readonly body: string;
  /** The sealed secrets that sign now, the current one first. */
  readonly secrets: readonly Buffer[];
  readonly attempt: number;
}

/** The bounds of one claim. */
export interface ClaimBounds {
  /** Deliveries under way in this instance, by endpoint. */
  readonly underWay: ReadonlyMap<string, number>;
  /** The most deliveries under way to one endpoint. To an endpoint that fails: one. */
  readonly perEndpoint: number;
  readonly most: number;
  /** Without a settlement, the delivery is due again after this time, in milliseconds. */
  readonly claimMs: number;
}

/** What a person wants to be sent again. */
export interface RedeliveredTime extends EndpointName {
  readonly from: string;
  readonly to: string | undefined;
  readonly statuses: readonly string[];
  readonly most: number;
}

/** The record of deliveries. */
export interface DeliveryStore {
  claim(bounds: ClaimBounds): Promise<readonly ClaimedDelivery[]>;
  /** Records a test, claimed by this instance already. Undefined: there is no such endpoint. */
  claimTest(name: EndpointName, id: string, type: string, body: string): Promise<ClaimedDelivery | undefined>;
  /**
   * Settles an attempt by `decide`, unless another instance has claimed the delivery since. Returns whether the endpoint
   * was disabled.
   */
  settle(
    claimed: ClaimedDelivery,
    result: AttemptResult,
    decide: (before: {
      readonly step: number;
      readonly failingSinceMs?: number | undefined;
      readonly nowMs: number;
    }) => Settlement,
  ): Promise<boolean>;
  find(tenantId: string, id: string): Promise<StoredDelivery | undefined>;
  /** The newest first. Undefined: there is no such endpoint. */
  list(name: EndpointName, query: WebhookDeliveryQuery): Promise<readonly StoredDelivery[] | undefined>;
  /** Makes an ended delivery due now. `pending`: it is due already. */
  redeliver(tenantId: string, id: string): Promise<StoredDelivery | 'pending' | undefined>;
  /**
   * Makes ended deliveries of a time due now, the oldest first. Undefined: there is no such endpoint. `nextFrom`: when there
   * can be more, the time of the last one. Another one may have the same time, so the next part begins with it.
   */
  redeliverTime(
    time: RedeliveredTime,
  ): Promise<{ readonly count: number; readonly nextFrom?: string } | undefined>;
  /** Forgets all deliveries that ended before the time, `atOnce` with each statement. Returns their number. */
  prune(endedBefore: Date, atOnce: number): Promise<number>;
}

export const DeliveryStore = Symbol('DeliveryStore');

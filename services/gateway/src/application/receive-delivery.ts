import {
  longestDeliveryId,
  triggerSlugSchema,
  type FiredTrigger,
  type TriggerScheme,
} from '@action-mesh/contracts/gateway';
import type { IdentityDirectory } from '@action-mesh/identity';
import { defined, newId, type Clock, type TraceContext } from '@action-mesh/kernel';
import {
  verifyRequest,
  type KnownTrigger,
  type SignedRequest,
  type TriggerDirectory,
} from '@action-mesh/triggers';

import type { DeliveryBodyKind, DeliveryContent } from '../domain/delivery-content.js';
import { readDelivery } from '../domain/delivery-content.js';
import { MeshUnavailableError, RequestRefusedError } from '../domain/gateway.errors.js';
import type { EventLog } from './event-log.port.js';
import type { RecentDeliveries } from './recent-deliveries.js';

/** A request at the door for other systems. */
export interface ArrivedDelivery {
  readonly tenant: string;
  readonly trigger: string;
  readonly request: SignedRequest;
  /** Reads the kind of the body, and its bytes without a content coding. Called only after the signature is right. */
  readonly content: () => Promise<{ readonly kind: DeliveryBodyKind; readonly body: Buffer }>;
  readonly trace: TraceContext;
  /** Called with the fault of a refused request. */
  readonly onRefused: (fault: string) => void;
}

/** The answer to a delivery that is taken. */
export type TakenDelivery =
  | { readonly kind: 'challenge'; readonly text: string }
  | {
      readonly kind: 'taken';
      readonly scheme: TriggerScheme;
      readonly deliveryId: string;
      readonly isRepeated: boolean;
    };

interface ReceiveDeliveryParts {
  readonly triggers: Pick<TriggerDirectory, 'find' | 'isComplete'>;
  /** A trigger of a removed tenant is closed. */
  readonly tenants: Pick<IdentityDirectory, 'tenant'>;
  readonly log: Pick<EventLog, 'triggerFired'>;
  readonly recent: RecentDeliveries;
  readonly clock: Clock;
}

/** Headers that the record of an event keeps for each scheme. */
const keptHeaders = [
  'content-type',
  'user-agent',
  'x-github-event',
  'x-github-delivery',
  'x-shopify-topic',
  'x-shopify-shop-domain',
  'x-shopify-webhook-id',
  'x-slack-retry-num',
  'x-slack-retry-reason',
  'webhook-id',
] as const;
const longestKeptHeader = 1_000;

/** Equals no trigger. A request for an unknown one takes as long as a request with a wrong signature. */
const noTrigger: Pick<KnownTrigger, 'scheme' | 'secrets' | 'hmac'> = {
  scheme: 'hmac',
  hmac: { header: 'x-signature' },
  secrets: [{ secret: 'no request is signed with this secret' }],
};

/**
 * Takes requests of other systems. The signature opens the door, and nothing reads the body before it.
 *
 * - WD1: an unknown tenant, an unknown trigger and a wrong signature get the same answer.
 * - WD2: a delivery is acknowledged only after the log has it.
 */
export class ReceiveDelivery {
  readonly #parts: ReceiveDeliveryParts;

  constructor(parts: ReceiveDeliveryParts) {
    this.#parts = parts;
  }

  /** Throws `RequestRefusedError`. Throws `MeshUnavailableError` when the log does not confirm the delivery. */
  async execute(arrived: ArrivedDelivery): Promise<TakenDelivery> {
    const { triggers, tenants, clock, recent, log } = this.#parts;
    if (!triggers.isComplete)
      throw new MeshUnavailableError('The gateway is starting: the triggers are not known.');
    const { tenant, request } = arrived;
    const isPossible =
      triggerSlugSchema.safeParse(arrived.trigger).success && tenants.tenant(tenant) !== undefined;
    const known = isPossible ? triggers.find(tenant, arrived.trigger) : undefined;
    const verified = verifyRequest(known ?? noTrigger, request, clock.now());
    if (known === undefined || !verified.ok) {
      arrived.onRefused(known === undefined || verified.ok ? 'trigger_unknown' : verified.fault);
      throw refused();
    }
    const { kind, body } = await arrived.content();
    const content = readDelivery(known.scheme, kind, body);
    if (content.challenge !== undefined) return { kind: 'challenge', text: content.challenge };
    const fired = this.#fired(known, arrived, content, verified);
    const isFirst = await recent.once([tenant, known.trigger, fired.delivery_id], () =>
      log.triggerFired(fired, arrived.trace),
    );
    return { kind: 'taken', scheme: known.scheme, deliveryId: fired.delivery_id, isRepeated: !isFirst };
  }

  #fired(
    known: KnownTrigger,
    { request }: ArrivedDelivery,
    { payload, eventId }: DeliveryContent,
    { deliveryId, contentDigest, isReplaySafe }: Extract<ReturnType<typeof verifyRequest>, { ok: true }>,
  ): FiredTrigger {
    const id = deliveryId ?? eventId ?? contentDigest;
    return {
      trigger_id: newId(),
      tenant_id: known.tenant_id,
      trigger: known.trigger,
      scheme: known.scheme,
      delivery_id: isDeliveryId(id) ? id : contentDigest,
      ...defined({ content_digest: isReplaySafe ? undefined : contentDigest }),
      payload,
      headers: kept(request, known.headers ?? []),
      received_at: new Date(this.#parts.clock.now()).toISOString(),
    };
  }
}

/** Whether an id from outside can be stored and shown. */
function isDeliveryId(id: string): boolean {
  return id !== '' && id.length <= longestDeliveryId && !/\p{Cc}/u.test(id);
}

function kept({ headers }: SignedRequest, more: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...keptHeaders, ...more].flatMap((name): [string, string][] => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value.slice(0, longestKeptHeader)]] : [];
    }),
  );
}

function refused(): RequestRefusedError {
  return new RequestRefusedError(
    'delivery_refused',
    'No trigger takes this request: its address, its signature or its time is not right.',
    'Compare the address and the secret with those of the trigger, and check the clock of the sender. GET /v1/triggers lists triggers. The log of the gateway has the reason.',
  );
}

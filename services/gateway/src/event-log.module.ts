import type { ToolRegistry } from '@action-mesh/admission';
import { AdministrationRecorded } from '@action-mesh/contracts/audit';
import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  TriggerFired,
} from '@action-mesh/contracts/gateway';
import { KafkaProducer } from '@action-mesh/messaging';
import type { OpenResources } from '@action-mesh/platform';
import type { Spans } from '@action-mesh/telemetry/port';

import { KafkaEventLog } from './adapters/kafka/kafka-event-log.js';
import type { GatewayConfig } from './config.js';

export interface EventLogNeeds {
  readonly config: Pick<GatewayConfig, 'kafka' | 'acceptTimeoutMs'>;
  readonly registry: Pick<ToolRegistry, 'findIfAny'>;
  readonly spans: Spans;
}

/** Opens the log of the gateway's decisions and its producer. `open` closes the producer. */
export function openEventLog(
  { config, registry, spans }: EventLogNeeds,
  open: OpenResources,
): { readonly producer: KafkaProducer; readonly log: KafkaEventLog } {
  const producer = open.add(
    new KafkaProducer({
      client: config.kafka,
      topics: [
        CallAccepted.topic,
        AwaitedCallAccepted.topic,
        BulkCallAccepted.topic,
        TriggerFired.topic,
        AdministrationRecorded.topic,
      ],
      deliveryTimeoutMs: config.acceptTimeoutMs,
    }),
    (used) => used.close(),
  );
  const log = new KafkaEventLog(producer, {
    spans,
    isWrite: ({ tool }) => registry.findIfAny(tool.slug, tool.version)?.tool.effect.class !== 'read',
  });
  return { producer, log };
}

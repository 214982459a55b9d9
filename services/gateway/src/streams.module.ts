import type { IdentityDirectory } from '@action-mesh/identity';
import { systemClock } from '@action-mesh/kernel';
import type { IncomingRecord } from '@action-mesh/messaging';
import type { Provider, Type } from '@nestjs/common';

import { OutcomesController } from './adapters/http/outcomes.controller.js';
import type { KafkaMesh } from './adapters/kafka/kafka-mesh.js';
import { KafkaOutcomeLog } from './adapters/kafka/kafka-outcome-log.js';
import { KafkaOutcome } from './adapters/kafka/kafka-outcome.js';
import type { CallVisibility } from './application/call-visibility.js';
import { OutcomeStreams, usualStreamLimits } from './application/outcome-streams.js';
import type { GatewayConfig } from './config.js';

/** The streams of outcomes, and their route. */
export interface StreamsModule {
  /** Takes a record of the topic of outcomes. A record that was handed over in memory comes again from Kafka. */
  readonly take: (record: IncomingRecord) => void;
  /** Ends every stream at once. */
  readonly close: () => void;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the ports of the streams to adapters. */
export function composeStreams(
  { kafka, maxStreams, maxStreamsOfTenant }: GatewayConfig,
  mesh: KafkaMesh,
  visibility: CallVisibility,
  directory: IdentityDirectory,
): StreamsModule {
  const clock = systemClock;
  const streams = new OutcomeStreams(
    {
      log: new KafkaOutcomeLog(kafka, mesh),
      link: mesh,
      visibility,
      standing: {
        holds: (caller) => directory.holds(caller, clock.now()),
        switchOn: ({ tenantId, keyId }) => directory.switches.coveringKey(tenantId, keyId),
      },
      clock,
    },
    { ...usualStreamLimits, maxStreams, maxStreamsOfTenant },
  );
  return {
    take(record) {
      if (streams.isWatched && record.partition >= 0) streams.take(new KafkaOutcome(record));
    },
    close: () => streams.close(),
    controllers: [OutcomesController],
    providers: [{ provide: OutcomeStreams, useValue: streams }],
  };
}

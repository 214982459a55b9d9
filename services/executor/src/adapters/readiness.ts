import type { KafkaServer } from '@action-mesh/messaging';
import { HealthChecks } from '@action-mesh/platform';
import type { FactoryProvider } from '@nestjs/common';

import type { Ladder } from './kafka/ladder.js';
import type { InstanceLease } from './postgres/instance-lease.js';

/** What an executor needs to take calls, told to whoever asks for its health. */
export function readiness(
  lease: Pick<InstanceLease, 'current'>,
  server: Pick<KafkaServer, 'state'>,
  ladder: Pick<Ladder, 'live'>,
): FactoryProvider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({
        name: 'ledger',
        ready: () => (lease.current === undefined ? 'has no lease' : undefined),
      });
      health.register({
        name: 'calls',
        ready: () => (server.state.ready ? undefined : 'has not joined its consumer groups'),
        live: () => (server.state.live && ladder.live ? undefined : 'lost a consumer group'),
      });
    },
  };
}

import type { KafkaTransport } from '@action-mesh/messaging';
import { HealthChecks } from '@action-mesh/platform';
import type { FactoryProvider } from '@nestjs/common';

import type { Ladder } from './kafka/ladder.js';
import type { InstanceLease } from './postgres/instance-lease.js';
import type { LedgerHealth } from './postgres/ledger-health.js';

export interface ReadinessParts {
  readonly lease: Pick<InstanceLease, 'current'>;
  readonly health: Pick<LedgerHealth, 'refusal'>;
  readonly server: Pick<KafkaTransport, 'state'>;
  readonly ladder: Pick<Ladder, 'live'>;
}

/** The conditions under which an executor takes calls, for health checks. */
export function readiness({ lease, health: ledger, server, ladder }: ReadinessParts): FactoryProvider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({
        name: 'ledger',
        ready: () => {
          if (ledger.refusal !== undefined) return `refuses new calls: ${ledger.refusal}`;
          return lease.current === undefined ? 'has no lease' : undefined;
        },
      });
      health.register({
        name: 'calls',
        ready: () => (server.state.ready ? undefined : 'has not joined its consumer groups'),
        live: () => (server.state.live && ladder.live ? undefined : 'lost a consumer group'),
      });
    },
  };
}

import { systemClock } from '@action-mesh/kernel';
import { HealthChecks, type Logger } from '@action-mesh/platform';
import type { Provider } from '@nestjs/common';

import type { ServiceAddress } from './adapters/http/internal-api.js';
import { ledgerHealth, LedgerWatch } from './adapters/http/ledger-watch.js';
import type { KafkaMesh } from './adapters/kafka/kafka-mesh.js';

/** Reports the connection to the mesh and the state of the ledger. */
export function gatewayHealth(mesh: KafkaMesh, ledger: LedgerWatch): Provider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({ name: 'mesh', ready: () => mesh.missing ?? mesh.interrupted });
      health.register(ledgerHealth(ledger));
    },
  };
}

/** Watches whether the ledger takes calls. */
export function watchLedger(executor: ServiceAddress, logger: Logger): LedgerWatch {
  return new LedgerWatch({
    executor,
    clock: systemClock,
    onChange: (refusal) =>
      refusal === undefined
        ? logger.info('the ledger accepts calls again')
        : logger.error(
            { reason: refusal },
            'the ledger refuses new calls; the gateway answers them with 503',
          ),
  });
}

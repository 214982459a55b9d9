import { runMain } from '@action-mesh/platform';

import { gatewayConfig } from './config.js';
import { startGateway } from './gateway.js';

await runMain(() => startGateway(gatewayConfig(process.env)));

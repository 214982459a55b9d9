import { runMain } from '@action-mesh/platform';

import { gatewayConfig } from './config.js';
import { startGateway } from './gateway.js';

await runMain((signal) => startGateway(gatewayConfig(process.env), signal));

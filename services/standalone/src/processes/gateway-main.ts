import { gatewayConfig, startGateway } from '@action-mesh/gateway';

import { runProcess } from './run-process.js';

await runProcess((environment) => startGateway(gatewayConfig(environment)));

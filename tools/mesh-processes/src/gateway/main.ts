import { gatewayConfig, startGateway } from '@action-mesh/gateway';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startGateway(gatewayConfig(environment)));

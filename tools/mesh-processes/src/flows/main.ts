import { flowsConfig, startFlows } from '@action-mesh/flows';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startFlows(flowsConfig(environment)));

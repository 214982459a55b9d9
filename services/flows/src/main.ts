import { runMain } from '@action-mesh/platform';

import { flowsConfig } from './config.js';
import { startFlows } from './flows.js';

await runMain(() => startFlows(flowsConfig(process.env)));

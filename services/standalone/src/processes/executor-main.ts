import { executorConfig, startExecutor } from '@action-mesh/executor';

import { runProcess } from './run-process.js';

await runProcess((environment) => startExecutor(executorConfig(environment)));

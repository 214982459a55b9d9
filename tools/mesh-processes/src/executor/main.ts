import { executorConfig, startExecutor } from '@action-mesh/executor';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startExecutor(executorConfig(environment)));

import { runMain } from '@action-mesh/platform';

import { executorConfig } from './config.js';
import { startExecutor } from './executor.js';

await runMain(() => startExecutor(executorConfig(process.env)));

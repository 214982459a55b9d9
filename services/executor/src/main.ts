import { armCrashPoint } from '@action-mesh/kernel';
import { runMain } from '@action-mesh/platform';

import { executorConfig } from './config.js';
import { startExecutor } from './executor.js';

armCrashPoint(process.env['MESH_CRASH_AT']);
await runMain(() => startExecutor(executorConfig(process.env)));

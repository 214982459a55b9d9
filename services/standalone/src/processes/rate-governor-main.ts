import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';

import { runProcess } from './run-process.js';

await runProcess((environment) => startRateGovernor(rateGovernorConfig(environment)));

import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startRateGovernor(rateGovernorConfig(environment)));

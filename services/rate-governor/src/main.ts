import { runMain } from '@action-mesh/platform';

import { rateGovernorConfig } from './config.js';
import { startRateGovernor } from './rate-governor.js';

await runMain(() => startRateGovernor(rateGovernorConfig(process.env)));

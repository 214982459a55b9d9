import { runMain } from '@action-mesh/platform';

import { authBrokerConfig } from './config.js';
import { startAuthBroker } from './auth-broker.js';

await runMain(() => startAuthBroker(authBrokerConfig(process.env)));

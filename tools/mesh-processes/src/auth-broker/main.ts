import { authBrokerConfig, startAuthBroker } from '@action-mesh/auth-broker';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startAuthBroker(authBrokerConfig(environment)));

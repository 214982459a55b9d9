import { startWebhooks, webhooksConfig } from '@action-mesh/webhooks';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startWebhooks(webhooksConfig(environment)));

import { runMain } from '@action-mesh/platform';

import { webhooksConfig } from './config.js';
import { startWebhooks } from './webhooks.js';

await runMain(() => startWebhooks(webhooksConfig(process.env)));

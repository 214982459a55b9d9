import { runMain } from '@action-mesh/platform';

import { auditConfig } from './config.js';
import { startAudit } from './audit.js';

await runMain(() => startAudit(auditConfig(process.env)));

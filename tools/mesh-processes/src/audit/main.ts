import { auditConfig, startAudit } from '@action-mesh/audit';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startAudit(auditConfig(environment)));

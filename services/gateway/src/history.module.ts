import type { Provider, Type } from '@nestjs/common';

import { AuditApi } from './adapters/http/audit-api.js';
import { HistoryController } from './adapters/http/history.controller.js';
import { AuditClient } from './application/audit-client.port.js';
import type { CallVisibility } from './application/call-visibility.js';
import { VisibleAudit } from './application/visible-audit.js';
import type { GatewayConfig } from './config.js';

/** The routes of the history. */
export interface HistoryParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the routes of the history to audit. */
export function composeHistory(
  { auditUrl, serviceKey }: GatewayConfig,
  visibility: CallVisibility,
  stop: AbortSignal,
): HistoryParts {
  const audit = new AuditApi({ url: auditUrl, serviceKey }, stop);
  return {
    controllers: [HistoryController],
    providers: [
      { provide: AuditClient, useValue: audit },
      { provide: VisibleAudit, useValue: new VisibleAudit(audit, visibility) },
    ],
  };
}

import type { CancelRequest } from '@action-mesh/contracts/executor';

import { mayHaveActed } from '../../domain/attempt-history.js';
import type { CallDesk } from './call-desk.port.js';
import { intervene, type Intervention } from './intervene.js';

/** Ends a call that has not left, or that waits to be sent again. */
export class CancelCall {
  constructor(private readonly desk: CallDesk) {}

  execute(tenantId: string, callId: string, { by }: CancelRequest = {}): Promise<Intervention> {
    return intervene(this.desk, { tenantId, callId }, ({ tried }) => ({
      commands: [{ type: 'cancel' }],
      options: {
        ending: {
          status: 'cancelled',
          ...(by === undefined ? {} : { resolvedBy: by }),
          failure: mayHaveActed(tried)
            ? {
                code: 'cancelled',
                category: 'unknown_effect',
                message: 'the call was cancelled; an attempt before that may have taken effect',
              }
            : { code: 'cancelled', category: 'request', message: 'the call was cancelled; nothing was done' },
        },
      },
    }));
  }
}

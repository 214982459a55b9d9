import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import type { IncomingRecord } from '@action-mesh/messaging';

import type { NewEntry } from '../../../domain/new-entry.js';
import { entryContent } from './entry-content.js';
import { recordPlace } from './record-place.js';

/** The entry of an accepted call: the thought and the action. */
export function acceptedEntry(call: AcceptedCall, record: IncomingRecord): NewEntry {
  const { agent, tool } = call;
  return {
    ...recordPlace(CallAccepted, record),
    tenantId: call.tenant_id,
    kind: 'call.accepted',
    at: call.accepted_at,
    callId: call.call_id,
    agentId: agent?.id,
    runId: agent?.run_id,
    step: agent?.step,
    tool: tool.slug,
    toolVersion: tool.version,
    status: 'accepted',
    userId: call.user_id,
    facts: {
      key_id: call.key_id,
      mode: call.mode,
      hash: call.hash,
      deadline: call.deadline,
      connection_id: call.connection_id,
      compensates: call.compensates,
      corrects: call.corrects,
      saga_id: call.saga_id,
    },
    content: entryContent({
      arguments: call.arguments,
      thought: agent?.thought,
      prompt: agent?.prompt,
      session_id: agent?.session_id,
      scope: call.scope,
      occurrence: call.occurrence,
      idempotency_key: call.idempotency_key,
    }),
  };
}

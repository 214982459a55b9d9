import { CallSubmitted, type CallRequest } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import type { IncomingRecord } from '@action-mesh/messaging';

import type { NewEntry } from '../../../domain/new-entry.js';
import { entryContent } from './entry-content.js';
import { recordMoment, recordPlace } from './record-place.js';

/** The entry of a call that an authenticated publisher sent straight to Kafka: the thought and the action. */
export function submittedEntry(
  call: CallRequest & { readonly call_id: string },
  { tenantId, keyId }: Pick<Principal, 'tenantId' | 'keyId'>,
  record: IncomingRecord,
): NewEntry {
  const { agent, tool } = call;
  return {
    ...recordPlace(CallSubmitted, record),
    tenantId,
    kind: 'call.submitted',
    at: recordMoment(record),
    callId: call.call_id,
    agentId: agent?.id,
    runId: agent?.run_id,
    step: agent?.step,
    tool: tool.slug,
    status: 'submitted',
    userId: call.user_id,
    facts: {
      key_id: keyId,
      mode: call.mode ?? 'live',
      tool_selector: tool.version,
      deadline: call.deadline,
      connection_id: call.connection_id,
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

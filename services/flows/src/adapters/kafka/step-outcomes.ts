import { CallOutcome } from '@action-mesh/contracts/executor';
import { eventType, jsonAt } from '@action-mesh/kernel';
import { CloudEventHeader, decodeEvent, type IncomingRecord } from '@action-mesh/messaging';

import type { StepOutcome } from '../../application/work-on-runs.js';
import { stepAnswer } from '../../domain/step-answer.js';

/** Every call of a flow names its agent so. Other outcomes cost one search in their bytes. */
const ofFlow = Buffer.from('"id":"flow/');

/** The outcome of a step's call. Undefined: the record is the outcome of another call. */
export function stepOutcomeOf(record: IncomingRecord): StepOutcome | undefined {
  const { value, headers } = record;
  if (value?.includes(ofFlow) !== true || headers[CloudEventHeader.type] !== eventType(CallOutcome))
    return undefined;
  const { data } = decodeEvent(CallOutcome, record);
  if (data.agent?.id.startsWith('flow/') !== true) return undefined;
  return {
    tenantId: data.tenant_id,
    callId: data.call_id,
    original: data.duplicate_of ?? data.call_id,
    // The exact text: numbers of a provider may have more digits than a number of JavaScript.
    answer: stepAnswer(data, jsonAt(value.toString('utf8'), '/result')),
  };
}

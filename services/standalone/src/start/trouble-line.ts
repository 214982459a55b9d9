import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { DeadLetterHeader, type IncomingRecord } from '@action-mesh/messaging';

/** The outcomes that are reported to a person. */
const headings: Partial<Record<OutcomeOfCall['status'], string>> = {
  failed: 'failed',
  dead: 'is dead: every retry is used up',
  needs_review: 'needs a person: it is unknown whether it happened',
};

/** One line about an outcome that is reported to a person. `undefined` for all others and for duplicates. */
export function troubleOf(outcome: OutcomeOfCall): string | undefined {
  const heading = headings[outcome.status];
  if (heading === undefined || outcome.duplicate_of !== undefined) return undefined;
  const { call_id: callId, tool, user_id: user, error } = outcome;
  const reason = error === undefined ? '' : `: ${error.message}`;
  const fix = error?.fix === undefined ? '' : ` ${error.fix}`;
  return oneLine(`${tool.slug} for ${user} ${heading}${reason}.${fix} (call ${callId})`);
}

/** One line about an unreadable record that was put aside. `undefined` for dead calls. */
export function quarantineOf({ headers }: IncomingRecord): string | undefined {
  const code = headers[DeadLetterHeader.errorCode];
  if (code === undefined) return undefined;
  const topic = headers[DeadLetterHeader.originTopic] ?? 'a topic';
  const place = `partition ${headers[DeadLetterHeader.originPartition] ?? '?'}, offset ${headers[DeadLetterHeader.originOffset] ?? '?'}`;
  const reason = headers[DeadLetterHeader.errorMessage] ?? code;
  return oneLine(`a record of ${topic} was put aside (${place}): ${reason}`);
}

/** Text from outside must not make a second line or move the cursor of a terminal. */
function oneLine(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').replace(/\.\.(?= )/g, '.');
  return line.length <= 500 ? line : `${line.slice(0, 499)}…`;
}

import type { InvariantFindings } from './invariant.js';
import type { JoinedEvidence } from './joined-evidence.js';

/** I5: fences only grow. */
export function fencesGrow({ raw: { watched } }: JoinedEvidence): InvariantFindings {
  return {
    checked: watched.fenceSamples,
    faults: watched.fenceDrops.map((callId) => `${callId}: its fence shrank`),
  };
}

/** I7: no committed offset lies behind a record whose call the ledger does not know. */
export function offsetsCovered({ raw: { watched } }: JoinedEvidence): InvariantFindings {
  return {
    checked: watched.offsetSamples,
    faults: watched.uncovered.map(
      (record) => `${record}: its offset was committed, and the ledger did not know it`,
    ),
  };
}

/** I8: what the ledger says of a call was published, and nothing waits to be. */
export function outboxPublished(evidence: JoinedEvidence): InvariantFindings {
  const { raw } = evidence;
  const told = raw.calls.filter(({ outcome }) => outcome !== null);
  const faults = told.flatMap(({ callId, seq }) =>
    (evidence.outcomesOf.get(callId) ?? []).some((outcome) => outcome.seq === seq)
      ? []
      : [`${callId}: outcome ${seq} is in the ledger and not on the topic`],
  );
  if (raw.leftovers.outboxRows > 0) faults.push(`${raw.leftovers.outboxRows} rows are left in the outbox`);
  return { checked: told.length, faults };
}

/** I9: who needs a person is in the dead letter queue, by the ledger and by the topic, and nothing else is. */
export function deadLettersAgree(evidence: JoinedEvidence): InvariantFindings {
  const { calls, deadLetters, leftovers } = evidence.raw;
  const onTopic = new Set(deadLetters.map(({ callId }) => callId));
  const dead = new Set(
    calls.filter(({ state }) => state === 'DEAD' || state === 'NEEDS_REVIEW').map(({ callId }) => callId),
  );
  const listed = new Set(leftovers.deadCallIds);
  const faults = [...dead].flatMap((callId) => [
    ...(onTopic.has(callId) ? [] : [`${callId}: needs a person and has no dead letter`]),
    ...(listed.has(callId) ? [] : [`${callId}: needs a person and is not on the list`]),
  ]);
  for (const callId of listed) if (!dead.has(callId)) faults.push(`${callId}: on the list and needs nobody`);
  for (const { callId, what } of deadLetters) {
    if (callId === undefined) faults.push(`a dead letter of no call: ${what}`);
    else if (!evidence.callOf.has(callId))
      faults.push(`${callId}: a dead letter of a call that the ledger does not know`);
  }
  return { checked: dead.size + deadLetters.length, faults };
}

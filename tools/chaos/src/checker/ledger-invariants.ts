import type { InvariantFindings } from './invariant.js';
import type { JoinedEvidence } from './joined-evidence.js';

/** I5: fences only grow. */
export function fencesGrow({ raw: { watched } }: JoinedEvidence): InvariantFindings {
  return {
    checked: watched.fenceSamples,
    faults: watched.fenceDrops.map((callId) => `${callId}: its fence shrank`),
  };
}

/** I7: no committed offset lies behind a record with a call that the ledger does not know. */
export function offsetsCovered({ raw: { watched } }: JoinedEvidence): InvariantFindings {
  return {
    checked: watched.offsetSamples,
    faults: watched.uncovered.map(
      (record) => `${record}: its offset was committed, but the ledger did not know it`,
    ),
  };
}

/** I8: every outcome in the ledger was published, and none still waits for publication. */
export function outboxPublished(evidence: JoinedEvidence): InvariantFindings {
  const { raw } = evidence;
  const told = raw.calls.filter(({ outcome }) => outcome !== null);
  const faults = told.flatMap(({ callId, seq }) =>
    (evidence.outcomesOf.get(callId) ?? []).some((outcome) => outcome.seq === seq)
      ? []
      : [`${callId}: outcome ${seq} is in the ledger but not on the topic`],
  );
  if (raw.leftovers.outboxRows > 0) faults.push(`${raw.leftovers.outboxRows} rows are left in the outbox`);
  return { checked: told.length, faults };
}

/** I9: exactly the calls that need a person are in the dead letter queue, both in the ledger and on the topic. */
export function deadLettersAgree(evidence: JoinedEvidence): InvariantFindings {
  const { calls, deadLetters, leftovers } = evidence.raw;
  const onTopic = new Set(deadLetters.map(({ callId }) => callId));
  const dead = new Set(
    calls.filter(({ state }) => state === 'DEAD' || state === 'NEEDS_REVIEW').map(({ callId }) => callId),
  );
  const listed = new Set(leftovers.deadCallIds);
  const faults = [...dead].flatMap((callId) => [
    ...(onTopic.has(callId) ? [] : [`${callId}: needs a person but has no dead letter`]),
    ...(listed.has(callId) ? [] : [`${callId}: needs a person but is not on the list`]),
  ]);
  for (const callId of listed)
    if (!dead.has(callId)) faults.push(`${callId}: is on the list but needs no person`);
  for (const { callId, what } of deadLetters) {
    if (callId === undefined) faults.push(`a dead letter without a call: ${what}`);
    else if (!evidence.callOf.has(callId))
      faults.push(`${callId}: a dead letter of a call that the ledger does not know`);
  }
  return { checked: dead.size + deadLetters.length, faults };
}

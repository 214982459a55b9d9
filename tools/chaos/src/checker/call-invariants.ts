import { effectFault } from '../effect-bounds.js';
import type { PublishedOutcome } from './evidence.js';
import type { InvariantFindings } from './invariant.js';
import type { JoinedEvidence } from './joined-evidence.js';

/** I1: every accepted submission is in the ledger and came to rest, and its caller got an outcome. */
export function noLostCall(evidence: JoinedEvidence): InvariantFindings {
  const accepted = evidence.raw.submitted.filter(
    (each) => each.accepted === 'yes' || evidence.originalOf.has(each.callId),
  );
  const faults = accepted.flatMap(({ callId, ref }) => {
    if (!evidence.originalOf.has(callId))
      return [`${ref}: accepted as ${callId}, but the ledger does not know it`];
    if (evidence.restOf(callId) !== undefined) return [];
    const call = evidence.callOf.get(evidence.originalOf.get(callId) ?? '');
    return [`${ref}: ${callId} got no final outcome (ledger: ${call?.state ?? 'no call'})`];
  });
  return { checked: accepted.length, faults };
}

/** I2: the number of effects at the provider fits the class of the call and its outcome. */
export function effectCount(evidence: JoinedEvidence): InvariantFindings {
  const { originals } = evidence;
  const faults = originals.flatMap(({ callId, ref, effect }) => {
    const requests = evidence.requestsOfCall(callId);
    const effects = requests.filter(({ isEffect }) => isEffect).length;
    const fault = effectFault(effect, evidence.restOf(callId)?.status, {
      requests: requests.length,
      effects,
    });
    return fault === undefined ? [] : [`${ref}: ${fault}`];
  });
  return { checked: originals.length, faults };
}

/** I3: the ledger has an intent for every request that the provider saw. */
export function intentBeforeEffect(evidence: JoinedEvidence): InvariantFindings {
  const known = new Map(evidence.originals.map(({ ref, callId }) => [ref, evidence.callOf.get(callId)]));
  const faults: string[] = [];
  for (const [ref, requests] of evidence.requestsOf) {
    const call = known.get(ref);
    if (call === undefined)
      faults.push(`${ref}: ${requests.length} requests of a call that the ledger does not know`);
    else if (!call.hasIntent) faults.push(`${ref}: ${requests.length} requests without an intent`);
    else if (requests.length > call.attempt)
      faults.push(`${ref}: ${requests.length} requests, but intents for ${call.attempt}`);
  }
  return { checked: evidence.requestsOf.size, faults };
}

const ends: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** I4: each call ends once, an outcome number has one text, and duplicates get the same outcomes as the original. */
export function oneOutcome(evidence: JoinedEvidence): InvariantFindings {
  const faults: string[] = [];
  for (const [callId, outcomes] of evidence.outcomesOf) {
    const texts = new Map<number, string>();
    for (const { seq, text } of outcomes) {
      if ((texts.get(seq) ?? text) !== text)
        faults.push(`${callId}: two different outcomes under seq ${seq}`);
      texts.set(seq, text);
    }
    const endings = new Set(outcomes.filter(({ status }) => ends.has(status)).map(({ seq }) => seq));
    if (endings.size > 1) faults.push(`${callId}: it ended ${endings.size} times`);
    const newest = Math.max(...texts.keys());
    if (endings.size === 1 && !endings.has(newest)) faults.push(`${callId}: it went on after its end`);
    const originalId = evidence.originalOf.get(callId);
    const mine = evidence.restOf(callId);
    const original = originalId === undefined ? undefined : evidence.restOf(originalId);
    if (mine !== undefined && original !== undefined && shared(mine) !== shared(original))
      faults.push(
        `${callId}: its outcome differs from that of ${originalId ?? ''}, of which it is a duplicate`,
      );
  }
  return { checked: evidence.outcomesOf.size, faults };
}

/** An outcome without the fields of the submission. */
function shared({ text }: PublishedOutcome): string {
  const {
    call_id: _id,
    duplicate_of: _original,
    replayed: _replayed,
    ...rest
  } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
}

/** I6: no request came back to a provider before the time that the provider asked for. */
export function neverEarly(evidence: JoinedEvidence): InvariantFindings {
  const asked = evidence.originals.filter(({ retryAfterMs }) => retryAfterMs !== undefined);
  let checked = 0;
  const faults = asked.flatMap(({ callId, ref, retryAfterMs = 0 }) => {
    const [refused, next] = [...evidence.requestsOfCall(callId)].sort((a, b) => a.atMs - b.atMs);
    if (refused === undefined || next === undefined) return [];
    checked += 1;
    const gapMs = next.atMs - refused.atMs;
    return gapMs >= retryAfterMs ? [] : [`${ref}: back after ${Math.round(gapMs)} ms of ${retryAfterMs}`];
  });
  return { checked, faults };
}

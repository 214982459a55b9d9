import { effectCount, intentBeforeEffect, neverEarly, noLostCall, oneOutcome } from './call-invariants.js';
import type { ChaosEvidence } from './evidence.js';
import type { InvariantFindings, InvariantResult } from './invariant.js';
import { JoinedEvidence } from './joined-evidence.js';
import { deadLettersAgree, fencesGrow, offsetsCovered, outboxPublished } from './ledger-invariants.js';
import { quietUnharmed, rateKept, resourcesBounded } from './load-invariants.js';

const invariants: readonly (readonly [string, string, (evidence: JoinedEvidence) => InvariantFindings])[] = [
  ['I1', 'no lost call', noLostCall],
  ['I2', 'effects as the class allows', effectCount],
  ['I3', 'no request without an intent', intentBeforeEffect],
  ['I4', 'one outcome per call, duplicates alike', oneOutcome],
  ['I5', 'fences only grow', fencesGrow],
  ['I6', 'never early', neverEarly],
  ['I7', 'no offset past an unrecorded call', offsetsCovered],
  ['I8', 'outbox published', outboxPublished],
  ['I9', 'dead letters agree with the ledger', deadLettersAgree],
  ['I10', 'rate within limit and burst', rateKept],
  ['I11', 'quiet tenants unharmed', quietUnharmed],
  ['I12', 'resources bounded', resourcesBounded],
];

/** Checks the invariants one by one. Pure. */
export function check(evidence: ChaosEvidence): readonly InvariantResult[] {
  const joined = new JoinedEvidence(evidence);
  return invariants.map(([invariant, says, look]): InvariantResult => {
    const finding = look(joined);
    const quiet = finding.checked === 0 ? 'not_exercised' : 'held';
    return { invariant, says, ...finding, verdict: finding.faults.length > 0 ? 'broken' : quiet };
  });
}

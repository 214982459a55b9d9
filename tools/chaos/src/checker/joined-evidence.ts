import type { ChaosEvidence, LedgerCall, PublishedOutcome, SeenRequest, Submitted } from './evidence.js';

/** Statuses after which a call does not move by itself. */
const resting: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'needs_review', 'dead']);

/** ChaosEvidence, joined by call. */
export class JoinedEvidence {
  readonly outcomesOf: ReadonlyMap<string, readonly PublishedOutcome[]>;
  readonly requestsOf: ReadonlyMap<string, readonly SeenRequest[]>;
  readonly callOf: ReadonlyMap<string, LedgerCall>;
  /** The original of each submission. An original is its own. */
  readonly originalOf: ReadonlyMap<string, string>;
  readonly refOf: ReadonlyMap<string, string>;

  readonly raw: ChaosEvidence;

  constructor(raw: ChaosEvidence) {
    this.raw = raw;

    this.outcomesOf = grouped(raw.outcomes, ({ callId }) => callId);
    this.requestsOf = grouped(raw.requests, ({ ref }) => ref);
    this.callOf = new Map(raw.calls.map((call) => [call.callId, call]));
    this.originalOf = new Map(
      raw.submissions.map(({ callId, originalId }) => [callId, originalId ?? callId]),
    );
    this.refOf = new Map(raw.submitted.map(({ callId, ref }) => [callId, ref]));
  }

  /** The outcome that a submission ended or rests with. */
  restOf(callId: string): PublishedOutcome | undefined {
    let newest: PublishedOutcome | undefined;
    for (const outcome of this.outcomesOf.get(callId) ?? []) {
      if (newest === undefined || outcome.seq > newest.seq) newest = outcome;
    }
    return newest !== undefined && resting.has(newest.status) ? newest : undefined;
  }

  /** The submissions that became calls, each reference once. */
  get originals(): readonly Submitted[] {
    return this.raw.submitted.filter(({ callId }) => this.originalOf.get(callId) === callId);
  }

  requestsOfCall(callId: string): readonly SeenRequest[] {
    return this.requestsOf.get(this.refOf.get(callId) ?? '') ?? [];
  }
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

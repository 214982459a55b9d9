import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Clock } from '@action-mesh/kernel';
import { metricDefinition } from '@action-mesh/telemetry';
import type { Metrics } from '@action-mesh/telemetry/port';

import type { Move, NewCall, OwnedCall, Recorded } from '../../application/ledger.port.js';
import type { WokenCall } from '../../application/parked-calls.port.js';
import { deadStates, terminalStates, type Call } from '../../domain/call.js';
import type { LedgerObserver } from './ledger-observer.js';
import type { ProviderTimes } from './provider-times.js';

export interface CallMetricsOptions {
  readonly metrics: Metrics;
  readonly clock: Pick<Clock, 'now'>;
  readonly times: ProviderTimes;
  readonly effectOf: (call: AcceptedCall) => string | undefined;
}

/** The most tenants with a label of their own. */
const maxTenants = 50;

/** Counts calls from what the ledger has committed. Labels have few values, whatever callers send. */
export class CallMetrics implements LedgerObserver {
  readonly #options: CallMetricsOptions;
  readonly #tenants = new Map<string, { readonly tenant: string }>();
  readonly #instruments: ReturnType<typeof instrumentsOf>;

  constructor(options: CallMetricsOptions) {
    this.#options = options;
    this.#instruments = instrumentsOf(options.metrics);
  }

  recorded(entries: readonly NewCall[], verdicts: readonly Recorded['verdict'][]): void {
    const nowMs = this.#options.clock.now();
    entries.forEach(({ call, start, park, ending, arrivedAtMs }, index) => {
      const verdict = verdicts[index] ?? 'refused';
      this.#instruments.calls.add({ verdict });
      if (verdict !== 'fresh' || start === 'refused') return;
      if (park !== undefined) this.#instruments.waits.add({ reason: park.reason });
      else if (start.state === 'DISPATCHING') this.#dwelt(call, nowMs - (arrivedAtMs ?? nowMs));
      else if (terminalStates.includes(start.state)) this.#rested(call, ending);
    });
  }

  moved(moves: readonly Move[], isMoved: readonly boolean[]): void {
    const nowMs = this.#options.clock.now();
    moves.forEach((move, index) => {
      if (isMoved[index] !== true) {
        this.#instruments.fenced.add();
        return;
      }
      const { known, from, to, park, ending } = move;
      const { call, receivedAtMs } = known;
      if (park !== undefined) this.#instruments.waits.add({ reason: park.reason });
      if (from.attempt === 0 && to.attempt === 1) this.#dwelt(call, nowMs - (receivedAtMs ?? nowMs));
      if (!isResting(to)) {
        if (park !== undefined) this.#options.times.take(call.call_id);
        return;
      }
      this.#rested(call, ending);
      const providerMs = this.#options.times.take(call.call_id);
      // Only a call that ran through at once says what the mesh adds.
      if (
        to.state === 'SUCCEEDED' &&
        to.attempt === 1 &&
        to.fence <= 1 &&
        providerMs !== undefined &&
        receivedAtMs !== undefined
      )
        this.#instruments.added.record(Math.max(0, nowMs - receivedAtMs - providerMs) / 1_000);
    });
  }

  woken(calls: readonly WokenCall[]): void {
    for (const { lateMs } of calls) this.#instruments.lateness.record(Math.max(0, lateMs) / 1_000);
  }

  takenOver(calls: readonly OwnedCall[]): void {
    for (const { call } of calls) this.#options.times.take(call.call_id);
  }

  #rested(call: AcceptedCall, ending: Move['ending']): void {
    this.#instruments.outcomes.add({
      status: ending?.status ?? 'unknown',
      error_code: ending?.failure?.code ?? '',
      tool_class: this.#options.effectOf(call) ?? 'unknown',
    });
  }

  #dwelt({ tenant_id: tenant }: AcceptedCall, ms: number): void {
    let labels = this.#tenants.get(tenant);
    if (labels === undefined) {
      labels = { tenant: this.#tenants.size < maxTenants ? tenant : 'other' };
      if (this.#tenants.size < maxTenants) this.#tenants.set(tenant, labels);
    }
    this.#instruments.dwell.record(Math.max(0, ms) / 1_000, labels);
  }
}

function instrumentsOf(metrics: Metrics) {
  return {
    calls: metrics.counter(metricDefinition.calls),
    outcomes: metrics.counter(metricDefinition.outcomes),
    waits: metrics.counter(metricDefinition.waits),
    fenced: metrics.counter(metricDefinition.fenced),
    dwell: metrics.histogram(metricDefinition.dwell),
    added: metrics.histogram(metricDefinition.addedLatency),
    lateness: metrics.histogram(metricDefinition.lateness),
  };
}

function isResting({ state }: Call): boolean {
  return terminalStates.includes(state) || deadStates.includes(state);
}

import type { ScheduleTrigger } from '@action-mesh/flow-api';
import type { Clock } from '@action-mesh/kernel';
import { latestTime, nextTime } from '@action-mesh/triggers';

import type { DeployedFlow, FlowBundles } from './flow-bundles.port.js';
import type { StartRuns } from './start-runs.js';

/** A planned time later than this was missed, milliseconds. */
const missedMs = 60_000;

/** The next planned time of each flow. */
export interface SchedulePlan {
  /** Undefined: the flow has none yet for this schedule. */
  nextAtMs(tenantId: string, flow: string, schedule: string): Promise<number | undefined>;
  /** Sets the next time, unless another instance moved it since. */
  move(
    tenantId: string,
    flow: string,
    schedule: string,
    move: { from: number | undefined; to: number },
  ): Promise<void>;
  /** Whether a run of an earlier planned time is open. */
  isRunning(tenantId: string, flow: string): Promise<boolean>;
}

/**
 * Starts runs at planned times.
 *
 * - PR1: a planned time starts one run, over all instances and restarts, because the time is the key of the run.
 */
export class PlanRuns {
  readonly #flows: Pick<FlowBundles, 'current'>;
  readonly #plan: SchedulePlan;
  readonly #start: Pick<StartRuns, 'planned'>;
  readonly #clock: Clock;
  readonly #onError: (error: unknown, flow: string) => void;

  constructor(
    flows: Pick<FlowBundles, 'current'>,
    plan: SchedulePlan,
    start: Pick<StartRuns, 'planned'>,
    clock: Clock,
    onError: (error: unknown, flow: string) => void,
  ) {
    this.#flows = flows;
    this.#plan = plan;
    this.#start = start;
    this.#clock = clock;
    this.#onError = onError;
  }

  async run(): Promise<void> {
    for (const deployed of this.#flows.current) {
      const { on } = deployed.flow;
      if (on.kind !== 'schedule') continue;
      // One flow that cannot start delays no other one.
      await this.#look(deployed, on).catch((error: unknown) => this.#onError(error, deployed.flow.id));
    }
  }

  async #look(deployed: DeployedFlow, on: ScheduleTrigger): Promise<void> {
    const { tenantId, flow } = deployed;
    const schedule = { cron: on.cron, time_zone: on.timezone ?? 'UTC' };
    const nowMs = this.#clock.now();
    const name = `${schedule.cron} ${schedule.time_zone}`;
    const dueMs = await this.#plan.nextAtMs(tenantId, flow.id, name);
    if (dueMs !== undefined && dueMs > nowMs) return;
    const { overlap = 'queue', catchUp = 'last' } = on;
    const isBusy =
      dueMs !== undefined && overlap !== 'allow' && (await this.#plan.isRunning(tenantId, flow.id));
    if (isBusy && overlap === 'queue') return;
    let afterMs = nowMs;
    if (dueMs !== undefined && !isBusy) {
      const plannedAtMs = catchUp === 'last' ? (latestTime(schedule, dueMs, nowMs) ?? dueMs) : dueMs;
      if (catchUp === 'all') afterMs = dueMs;
      if (catchUp !== 'none' || nowMs - dueMs < missedMs) await this.#start.planned(deployed, plannedAtMs);
    }
    const nextMs = nextTime(schedule, afterMs);
    if (nextMs !== undefined) await this.#plan.move(tenantId, flow.id, name, { from: dueMs, to: nextMs });
  }
}

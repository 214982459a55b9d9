import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import { newId, type Clock } from '@action-mesh/kernel';
import { latestTime, nextTime } from '@action-mesh/triggers';

import type { StoredTrigger } from '../domain/stored-trigger.js';

/** A schedule whose time has come. */
export type DueSchedule = Pick<StoredTrigger, 'tenantId' | 'name' | 'settings'> & {
  readonly nextAtMs: number;
};

/** The effect of a due schedule on the record. */
export interface Firing {
  /** Absent: the schedule was removed meanwhile. */
  readonly event?: FiredTrigger;
  readonly plannedAtMs?: number;
  readonly nextAtMs: number | undefined;
}

/** Schedules in the record, and firings that Kafka does not have yet. */
export interface ScheduleStore {
  /**
   * Passes due schedules to `fire`, and records its results. No other instance works on them meanwhile, so each planned
   * time fires once. Returns their number, and the time of the next one.
   */
  fireDue(
    limit: number,
    fire: (due: DueSchedule, nowMs: number) => Firing,
  ): Promise<{ readonly fired: number; readonly nextInMs: number }>;
  unpublished(limit: number): Promise<readonly FiredTrigger[]>;
  published(events: readonly FiredTrigger[]): Promise<void>;
}

/** Writes events to the topic of triggers. */
export interface TriggerLog {
  fired(events: readonly FiredTrigger[]): Promise<void>;
}

const atOnce = 100;
/** A schedule that another change of it moved nearer is noticed within this time. */
const longestPauseMs = 5_000;

/**
 * Fires schedules.
 *
 * - FS1: each planned time fires at most once, over all instances and restarts.
 * - FS2: after an outage, the latest missed time of a schedule fires once, and the earlier ones do not.
 */
export class FireSchedules {
  readonly #store: ScheduleStore;
  readonly #log: TriggerLog;
  readonly #clock: Clock;

  constructor(store: ScheduleStore, log: TriggerLog, clock: Clock) {
    this.#store = store;
    this.#log = log;
    this.#clock = clock;
  }

  /** Returns the pause until the next run, milliseconds. */
  async run(): Promise<number> {
    const { fired, nextInMs } = await this.#store.fireDue(atOnce, (due, nowMs) => this.#fire(due, nowMs));
    const events = await this.#store.unpublished(atOnce);
    if (events.length > 0) {
      await this.#log.fired(events);
      await this.#store.published(events);
    }
    if (fired === atOnce || events.length === atOnce) return 0;
    return Math.min(Math.max(nextInMs, 0), longestPauseMs);
  }

  #fire({ tenantId, name, settings: { schedule }, nextAtMs }: DueSchedule, nowMs: number): Firing {
    if (schedule === undefined) return { nextAtMs: undefined };
    const plannedAtMs = latestTime(schedule, nextAtMs, nowMs) ?? nextAtMs;
    return {
      plannedAtMs,
      nextAtMs: nextTime(schedule, Math.max(nowMs, plannedAtMs)),
      event: {
        trigger_id: newId(),
        tenant_id: tenantId,
        trigger: name,
        scheme: 'schedule',
        delivery_id: `schedule/${new Date(plannedAtMs).toISOString()}`,
        payload: { ...schedule.payload, planned_at: new Date(plannedAtMs).toISOString() },
        received_at: new Date(this.#clock.now()).toISOString(),
      },
    };
  }
}

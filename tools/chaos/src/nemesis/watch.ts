import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { CallAccepted } from '@action-mesh/contracts/gateway';
import { Kafka, logLevel, type Admin } from 'kafkajs';

import type { ChaosMesh } from '../chaos-mesh.js';
import type { Watched } from '../checker/evidence.js';
import { TopicLog } from '../topic-log.js';
import { instances } from './schedule.js';

const everyMs = 1_000;

/**
 * Observes the mesh repeatedly while faults are active, for violations that show only in between. A look that fails
 * because a server is down does not count.
 */
export class Watch implements AsyncDisposable {
  readonly #mesh: ChaosMesh;
  readonly #admin: Admin;
  readonly #stopped = new AbortController();
  readonly #fences = new Map<string, number>();
  readonly #fenceDrops = new Set<string>();
  /** Records of the calls topic, by partition and offset, with calls that the ledger was not yet seen to know. */
  readonly #unconfirmed = new Map<string, { partition: number; offset: number; callId: string }>();
  readonly #uncovered = new Set<string>();
  readonly #counts = { fences: 0, offsets: 0, resources: 0, rssMb: 0, openFiles: 0 };
  #read = 0;
  #watching: Promise<unknown> = Promise.resolve();

  readonly #calls: TopicLog;

  private constructor(mesh: ChaosMesh, calls: TopicLog) {
    this.#calls = calls;

    this.#mesh = mesh;
    const { brokers } = mesh.client;
    this.#admin = new Kafka({ clientId: 'watch', brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  }

  static async start(mesh: ChaosMesh): Promise<Watch> {
    const watch = new Watch(mesh, await TopicLog.follow(mesh.client, CallAccepted.topic));
    await watch.#admin.connect();
    watch.#watching = Promise.all([
      watch.#repeat(() => watch.#lookAtFences()),
      watch.#repeat(() => watch.#lookAtOffsets()),
      watch.#repeat(() => watch.#lookAtResources()),
    ]);
    return watch;
  }

  get watched(): Watched {
    const { fences, offsets, resources, rssMb, openFiles } = this.#counts;
    return {
      fenceSamples: fences,
      fenceDrops: [...this.#fenceDrops],
      offsetSamples: offsets,
      uncovered: [...this.#uncovered],
      rssMb,
      openFiles,
      resourceSamples: resources,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
    await this.#calls[Symbol.asyncDispose]();
    await this.#admin.disconnect().catch(() => undefined);
  }

  async #repeat(look: () => Promise<void> | void): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        await look();
      } catch {
        // Kafka or PostgreSQL is down at the moment.
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #lookAtFences(): Promise<void> {
    const { rows } = await this.#mesh.ledger.query<{ call_id: string; fence: number }>(
      'SELECT call_id, fence FROM executor.call',
    );
    for (const { call_id, fence } of rows) {
      if (fence < (this.#fences.get(call_id) ?? 0)) this.#fenceDrops.add(call_id);
      this.#fences.set(call_id, fence);
    }
    this.#counts.fences += rows.length;
  }

  /** Reads the offsets first and the ledger afterwards: the ledger must know the committed records by then. */
  async #lookAtOffsets(): Promise<void> {
    const prefix = this.#mesh.client.topicPrefix ?? '';
    const committed = new Map<number, number>();
    const groups = await this.#admin.fetchOffsets({
      groupId: `${prefix}executor.${CallAccepted.topic}`,
      topics: [prefix + CallAccepted.topic],
    });
    for (const { partition, offset } of groups.flatMap(({ partitions }) => partitions)) {
      committed.set(partition, Number(offset));
    }
    const { records } = this.#calls;
    for (; this.#read < records.length; this.#read += 1) {
      const record = records[this.#read];
      if (record === undefined) break;
      const { partition, offset, value } = record;
      const callId = (JSON.parse(value) as { call_id: string }).call_id;
      this.#unconfirmed.set(`${partition}/${offset}`, { partition, offset, callId });
    }
    const below = [...this.#unconfirmed].filter(
      ([, { partition, offset }]) => offset < (committed.get(partition) ?? 0),
    );
    this.#counts.offsets += below.length;
    if (below.length === 0) return;
    const { rows } = await this.#mesh.ledger.query<{ call_id: string }>(
      'SELECT call_id FROM executor.submission WHERE call_id = ANY ($1)',
      [below.map(([, { callId }]) => callId)],
    );
    const known = new Set(rows.map(({ call_id }) => call_id));
    for (const [place, { callId }] of below) {
      if (!known.has(callId)) this.#uncovered.add(place);
      this.#unconfirmed.delete(place);
    }
  }

  #lookAtResources(): void {
    for (const name of instances) {
      const pid = this.#mesh.processes.pidOf(name);
      if (pid === 0) continue;
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const rssMb = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
        const openFiles = readdirSync(`/proc/${pid}/fd`).length;
        this.#counts.rssMb = Math.max(this.#counts.rssMb, rssMb);
        this.#counts.openFiles = Math.max(this.#counts.openFiles, openFiles);
        this.#counts.resources += 1;
      } catch {
        // The process is down at the moment, or this system has no /proc.
      }
    }
  }
}

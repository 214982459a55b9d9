import type { Hazard } from './hazards.js';

export type NodeState = 'translated' | 'check' | 'manual' | 'dropped';

/** A node of the export and the state in which it arrives. Each node has exactly one. */
export interface NodeRecord {
  readonly key: string;
  readonly title: string;
  readonly type: string;
  readonly state: NodeState;
  readonly hazards: readonly Hazard[];
  /** Reasons, one sentence each. */
  readonly notes: readonly string[];
  readonly writes: boolean;
}

const weight: Readonly<Record<NodeState, number>> = { dropped: 0, translated: 1, check: 2, manual: 3 };

interface OpenRecord {
  readonly title: string;
  readonly type: string;
  state: NodeState | undefined;
  readonly hazards: Set<Hazard>;
  readonly notes: Set<string>;
  writes: boolean;
}

/**
 * The states of all nodes of an export. A node that is marked twice keeps the worse state, and a node that nothing
 * marks is dropped: no trigger reaches it.
 */
export class NodeLedger {
  readonly #records = new Map<string, OpenRecord>();

  add(key: string, title: string, type: string): void {
    this.#records.set(key, {
      title,
      type,
      state: undefined,
      hazards: new Set(),
      notes: new Set(),
      writes: false,
    });
  }

  has(key: string): boolean {
    return this.#records.has(key);
  }

  translated(key: string): void {
    this.#mark(key, 'translated');
  }

  check(key: string, hazard: Hazard, note?: string): void {
    this.#mark(key, 'check', note)?.hazards.add(hazard);
  }

  manual(key: string, note: string): void {
    this.#mark(key, 'manual', note);
  }

  dropped(key: string, note: string): void {
    this.#mark(key, 'dropped', note);
  }

  writes(key: string): void {
    const record = this.#records.get(key);
    if (record !== undefined) record.writes = true;
  }

  close(): ReadonlyMap<string, NodeRecord> {
    return new Map(
      [...this.#records].map(([key, { state, hazards, notes, ...rest }]) => [
        key,
        {
          key,
          ...rest,
          state: state ?? 'dropped',
          hazards: [...hazards].sort(),
          notes: state === undefined ? ['no trigger reaches it'] : [...notes],
        },
      ]),
    );
  }

  #mark(key: string, state: NodeState, note?: string): OpenRecord | undefined {
    const record = this.#records.get(key);
    if (record === undefined) return undefined;
    if (record.state === undefined || weight[state] > weight[record.state]) record.state = state;
    if (note !== undefined) record.notes.add(note);
    return record;
  }
}

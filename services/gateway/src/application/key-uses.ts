/** Tells the auth broker when keys were used. Rejects when the broker does not take the report. */
export interface KeyUseReport {
  send(uses: ReadonlyMap<string, number>): Promise<void>;
}

/** The most keys of one report. */
const mostKeys = 1_000;

/**
 * The keys that were used since the last report, each with the time of its last use. Recording costs one entry in a map,
 * and reports are sent off the way of a request.
 */
export class KeyUses {
  readonly #report: KeyUseReport;
  #usedAtMs = new Map<string, number>();

  constructor(report: KeyUseReport) {
    this.#report = report;
  }

  record(keyId: string, nowMs: number): void {
    this.#usedAtMs.set(keyId, nowMs);
  }

  /** Sends the uses. A failed report is part of the next one. */
  async flush(): Promise<void> {
    const uses = [...this.#usedAtMs];
    this.#usedAtMs = new Map();
    for (let from = 0; from < uses.length; from += mostKeys) {
      const part = new Map(uses.slice(from, from + mostKeys));
      try {
        await this.#report.send(part);
      } catch (error) {
        for (const [keyId, atMs] of uses.slice(from)) {
          if (!this.#usedAtMs.has(keyId)) this.#usedAtMs.set(keyId, atMs);
        }
        throw error;
      }
    }
  }
}

import type { DataKeyStore, LockedDataKeys, StoredDataKey } from './data-key-store.port.js';
import type { WrappedKey } from './key-provider.port.js';

interface Wrap extends WrappedKey {
  readonly seq: number;
  readonly atMs: number;
}

interface Row extends Omit<StoredDataKey, 'wraps'> {
  wraps: Wrap[];
  isCurrent: boolean;
}

/** Data keys in memory, for tests. */
export class FakeDataKeyStore implements DataKeyStore {
  readonly rows: Row[] = [];
  readonly #nowMs: () => number;
  #seq = 0;
  reads = 0;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  current(tenantId: string): Promise<StoredDataKey | undefined> {
    this.reads += 1;
    return Promise.resolve(this.rows.find((row) => row.tenantId === tenantId && row.isCurrent));
  }

  find(tenantId: string, id: string): Promise<StoredDataKey | undefined> {
    this.reads += 1;
    return Promise.resolve(this.rows.find((row) => row.tenantId === tenantId && row.id === id));
  }

  makeCurrent(key: StoredDataKey, replaces: string | undefined): Promise<boolean> {
    const former = this.rows.find((row) => row.tenantId === key.tenantId && row.isCurrent);
    if (former?.id !== replaces) return Promise.resolve(false);
    if (former !== undefined) former.isCurrent = false;
    this.rows.push({ ...key, isCurrent: true, wraps: key.wraps.map((wrap) => this.#wrapOf(wrap)) });
    return Promise.resolve(true);
  }

  lockedTo(kids: readonly string[]): Promise<LockedDataKeys> {
    const locked = this.rows.filter(({ wraps }) => !wraps.some(({ kid }) => kids.includes(kid)));
    const theirs = new Set(locked.flatMap(({ wraps }) => wraps.map(({ kid }) => kid)));
    return Promise.resolve({ kids: [...theirs].sort(), count: locked.length });
  }

  anyWrappedBy(kid: string): Promise<StoredDataKey | undefined> {
    return Promise.resolve(this.rows.find(({ wraps }) => wraps.some((wrap) => wrap.kid === kid)));
  }

  toWrap(kids: readonly string[], limit: number): Promise<readonly StoredDataKey[]> {
    const due = this.rows.filter(({ wraps }) => {
      const own = wraps.filter(({ kid }) => kids.includes(kid));
      return own.length > 0 && (own.length < kids.length || own.at(-1)?.kid !== kids[0]);
    });
    return Promise.resolve(due.slice(0, limit));
  }

  putWraps(_tenantId: string, id: string, wraps: readonly WrappedKey[]): Promise<void> {
    const row = this.rows.find((each) => each.id === id);
    if (row !== undefined)
      row.wraps = [
        ...row.wraps.filter(({ kid }) => !wraps.some((wrap) => wrap.kid === kid)),
        ...wraps.map((wrap) => this.#wrapOf(wrap)),
      ];
    return Promise.resolve();
  }

  dropWraps(kids: readonly string[], beforeMs: number): Promise<number> {
    let dropped = 0;
    for (const row of this.rows) {
      const own = row.wraps.find(({ kid }) => kid === kids[0]);
      const kept = row.wraps.filter(
        ({ kid, seq, atMs }) => kids.includes(kid) || own === undefined || seq > own.seq || atMs >= beforeMs,
      );
      dropped += row.wraps.length - kept.length;
      row.wraps = kept;
    }
    return Promise.resolve(dropped);
  }

  #wrapOf(wrap: WrappedKey): Wrap {
    this.#seq += 1;
    return { ...wrap, seq: this.#seq, atMs: this.#nowMs() };
  }
}

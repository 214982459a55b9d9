import { ExportInterruptedError } from '../domain/audit.errors.js';
import { genesisHash } from '../domain/chain-hash.js';
import type { ChainEnd } from '../domain/chain-record.js';
import type { VerifiableRecord } from '../domain/chain-verifier.js';
import {
  exportedEntry,
  exportEnd,
  exportForm,
  type ExportFault,
  type ExportHead,
} from '../domain/exported-line.js';
import type { ExportSource } from './export-source.port.js';

/** The records that are in memory at once. */
const readAtOnce = 500;

/**
 * Exports the chain of a tenant as it is read, in bounded memory. It holds no snapshot, because a slow reader would hold it
 * for hours. An export that loses entries to retention says so, and does not look like a changed chain.
 */
export class ExportHistory {
  readonly #source: ExportSource;
  readonly #publicKey: string;

  constructor(source: ExportSource, publicKey: string) {
    this.#source = source;
    this.#publicKey = publicKey;
  }

  /** The lines of a JSONL file that `npm run audit:verify` verifies. */
  async *lines(tenantId: string): AsyncGenerator<string> {
    try {
      yield* this.#lines(tenantId);
    } catch (error) {
      if (!(error instanceof ExportInterruptedError)) throw error;
      const { code, message } = error;
      yield `${JSON.stringify({ error: { code, message } } satisfies ExportFault)}\n`;
    }
  }

  async *#lines(tenantId: string): AsyncGenerator<string> {
    const mark = await this.#source.mark(tenantId);
    const anchor = mark ?? { seq: 0, hash: genesisHash(tenantId) };
    const head: ExportHead = {
      audit: exportForm,
      tenant_id: tenantId,
      anchor: {
        seq: anchor.seq,
        hash: anchor.hash.toString('hex'),
        ...(mark === undefined
          ? {}
          : { at: mark.at, signature: Buffer.from(mark.signature).toString('base64') }),
      },
      public_key: this.#publicKey,
    };
    yield `${JSON.stringify(head)}\n`;
    let end: ChainEnd = anchor;
    for await (const records of this.#pages(tenantId, anchor.seq)) {
      yield `${records.map(exportedEntry).join('\n')}\n`;
      const last = records.at(-1);
      if (last !== undefined) end = { seq: last.seq, hash: Buffer.from(last.hash) };
    }
    yield `${JSON.stringify(exportEnd(end))}\n`;
  }

  /** The records of a chain, page by page. Throws `ExportInterruptedError`. */
  async *records(tenantId: string): AsyncGenerator<readonly VerifiableRecord[]> {
    const mark = await this.#source.mark(tenantId);
    yield* this.#pages(tenantId, mark?.seq ?? 0);
  }

  async *#pages(tenantId: string, begin: number): AsyncGenerator<readonly VerifiableRecord[]> {
    for (let place = begin; ; ) {
      const records = await this.#source.after(tenantId, place, readAtOnce);
      const [first, last] = [records[0], records.at(-1)];
      if (first === undefined || last === undefined) return;
      if (first.seq > place + 1) await this.#refusePruned(tenantId, place);
      yield records;
      place = last.seq;
    }
  }

  /** Entries after a place are missing. Without a newer mark, somebody deleted them, and a verification finds that. */
  async #refusePruned(tenantId: string, place: number): Promise<void> {
    const mark = await this.#source.mark(tenantId);
    if (mark !== undefined && mark.seq > place) throw new ExportInterruptedError();
  }
}

import { genesisHash } from '../domain/chain-hash.js';
import type { ChainEnd } from '../domain/chain-record.js';
import {
  exportedEntry,
  exportEnd,
  exportForm,
  type ExportableRecord,
  type ExportHead,
} from '../domain/exported-line.js';
import type { ExportSource } from './export-source.port.js';

/** The records that are in memory at once. */
const readAtOnce = 500;

/** Exports the chain of a tenant as it is read, in bounded memory. */
export class ExportHistory {
  readonly #source: ExportSource;
  readonly #publicKey: string;

  constructor(source: ExportSource, publicKey: string) {
    this.#source = source;
    this.#publicKey = publicKey;
  }

  /** The lines of a JSONL file that `npm run audit:verify` verifies. */
  async *lines(tenantId: string): AsyncGenerator<string> {
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

  /** The records of a chain, page by page. */
  async *records(tenantId: string): AsyncGenerator<readonly ExportableRecord[]> {
    const mark = await this.#source.mark(tenantId);
    yield* this.#pages(tenantId, mark?.seq ?? 0);
  }

  async *#pages(tenantId: string, begin: number): AsyncGenerator<readonly ExportableRecord[]> {
    for (let place = begin; ; ) {
      const records = await this.#source.after(tenantId, place, readAtOnce);
      const last = records.at(-1);
      if (last === undefined) return;
      yield records;
      place = last.seq;
    }
  }
}

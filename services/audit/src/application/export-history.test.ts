import { verifyExport } from '../domain/verify-export.js';
import { SampleChains } from '../domain/sample-chain.fake.js';
import type { PrunedMark } from './chain-store.port.js';
import { ExportHistory } from './export-history.js';

const tenantId = 'acme';

/** A chain of 1,200 entries. `between` runs after the read of the first page. */
function stage(between: (chains: SampleChains, mark: (seq: number) => void) => void) {
  const chains = new SampleChains();
  for (let count = 0; count < 1_200; count += 1) chains.append(tenantId);
  let mark: PrunedMark | undefined;
  let reads = 0;
  const setMark = (seq: number): void => {
    const hash = Buffer.from(chains.records.get(tenantId)?.find((each) => each.seq === seq)?.hash ?? []);
    const at = '2026-11-30T10:00:00.000Z';
    mark = { seq, hash, at, signature: chains.signer.signMark({ tenantId, seq, hash }, at) };
  };
  const exporting = new ExportHistory(
    {
      mark: () => Promise.resolve(mark),
      after: (_tenant, seq, limit) => {
        if ((reads += 1) === 2) between(chains, setMark);
        const chain = chains.records.get(tenantId) ?? [];
        return Promise.resolve(chain.filter((each) => each.seq > seq).slice(0, limit));
      },
    },
    chains.signer.publicKey,
  );
  async function* lines(): AsyncGenerator<string> {
    for await (const text of exporting.lines(tenantId)) yield* text.split('\n');
  }
  return { chains, exporting, verify: () => verifyExport(lines(), chains.keys) };
}

const without = (chains: SampleChains, gone: (seq: number) => boolean): void => {
  chains.records.set(
    tenantId,
    (chains.records.get(tenantId) ?? []).filter(({ seq }) => !gone(seq)),
  );
};

describe('an export', () => {
  it('is whole while others append', async () => {
    const { verify } = stage((chains) => chains.append(tenantId));
    expect(await verify()).toEqual({ tenantId, verified: 1_201 });
  });

  it('during which retention deletes entries that it still has to read says so', async () => {
    const prune = (chains: SampleChains, mark: (seq: number) => void): void => {
      mark(800);
      without(chains, (seq) => seq <= 800);
    };
    await expect(stage(prune).verify()).rejects.toThrow(/retention deleted entries.*again/);
    const rows = async (): Promise<void> => {
      for await (const page of stage(prune).exporting.records(tenantId))
        expect(page.length).toBeGreaterThan(0);
    };
    await expect(rows()).rejects.toMatchObject({ code: 'AUDIT_EXPORT_INTERRUPTED' });
  });

  it('is whole when retention deletes only entries that it has read', async () => {
    const { verify } = stage((chains, mark) => {
      mark(300);
      without(chains, (seq) => seq <= 300);
    });
    expect(await verify()).toEqual({ tenantId, verified: 1_200 });
  });

  it('shows a gap that retention did not make', async () => {
    const { verify } = stage((chains) => without(chains, (seq) => seq === 700));
    expect((await verify()).problem).toMatchObject({ seq: 700, code: 'missing_entries' });
  });
});

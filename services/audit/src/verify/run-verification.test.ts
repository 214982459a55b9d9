import type { ChainStore } from '../application/chain-store.port.js';
import { SampleChains } from '../domain/sample-chain.fake.js';
import { KeptCheckpoints } from './kept-checkpoints.js';
import { verifyChains } from './run-verification.js';

function storeOf(chains: SampleChains): ChainStore {
  return {
    tenants: () => Promise.resolve([...chains.records.keys()].sort()),
    async view(tenantId, work) {
      const chain = chains.records.get(tenantId);
      if (chain === undefined) return undefined;
      return await work({
        head: chains.endOf(tenantId),
        mark: undefined,
        hashAt: (seq) => Promise.resolve(chain[seq - 1]?.hash),
        after: (seq, limit) => Promise.resolve(chain.filter((each) => each.seq > seq).slice(0, limit)),
        erased: () => Promise.resolve(new Set()),
      });
    },
  };
}

function stage() {
  const chains = new SampleChains();
  for (const tenantId of ['acme', 'beta']) for (let count = 0; count < 3; count += 1) chains.append(tenantId);
  const verify = (lines: readonly string[], tenant?: string) =>
    verifyChains(storeOf(chains), chains.keys, new KeptCheckpoints(lines.join('\n'), chains.keys), tenant);
  return { chains, verify };
}

describe('kept checkpoints', () => {
  it('confirm chains that nobody touched', async () => {
    const { chains, verify } = stage();
    expect(await verify([chains.checkpoint('acme'), '', chains.checkpoint('acme')])).toEqual([
      { tenant_id: 'acme', intact: true, verified_to: 3 },
      { tenant_id: 'beta', intact: true, verified_to: 3 },
    ]);
  });

  it('find a chain that somebody deleted as a whole', async () => {
    const { chains, verify } = stage();
    const lines = ['acme', 'beta'].map((tenantId) => chains.checkpoint(tenantId));
    chains.records.delete('beta');
    expect(await verify(lines)).toMatchObject([
      { tenant_id: 'acme', intact: true },
      { tenant_id: 'beta', intact: false, verified_to: 0, problem: { seq: 1, code: 'end_missing' } },
    ]);
    expect(await verify(lines, 'beta')).toMatchObject([{ tenant_id: 'beta', intact: false }]);
    expect(await verify([])).toMatchObject([{ tenant_id: 'acme', intact: true }]);
  });

  it('find a fork: two signed entries of one place, whichever of them is stored', async () => {
    const { chains, verify } = stage();
    const first = chains.checkpoint('acme');
    const kept = chains.records.get('acme') ?? [];
    chains.records.set('acme', kept.slice(0, 2));
    chains.append('acme', { status: 'failed' });
    const second = chains.checkpoint('acme');
    expect(second).not.toBe(first);
    for (const lines of [
      [first, second],
      [second, first],
    ]) {
      const [verdict] = await verify(lines);
      expect(verdict).toMatchObject({ tenant_id: 'acme', intact: false, problem: { seq: 3 } });
    }
    expect(await verify([second, first])).toMatchObject([{ problem: { code: 'fork' } }, { intact: true }]);
  });

  it('that no trusted key signed are refused, and so is a line of another form', async () => {
    const { verify } = stage();
    const foreign = new SampleChains();
    foreign.append('acme');
    await expect(async () => verify([foreign.checkpoint('acme')])).rejects.toThrow(/no trusted key.*entry 1/);
    await expect(async () => verify(['', '{"seq":1}'])).rejects.toThrow(/line 2 is not a checkpoint/);
  });
});

import { genesisHash } from './chain-hash.js';
import { ChainVerifier, type VerifiableRecord } from './chain-verifier.js';
import { exportedEntry, exportEnd, exportForm } from './exported-line.js';
import { userKeyOf } from './entry-text.js';
import { SampleChains } from './sample-chain.fake.js';
import { verifyExport } from './verify-export.js';

const tenantId = 'acme';

/** One entry of ada, one of bob and one of the tenant, each with content. */
function stage() {
  const chains = new SampleChains();
  for (const userId of ['ada', 'bob', undefined])
    chains.append(tenantId, { userId, content: '{"result":1}' });
  return chains;
}

const recordsOf = (chains: SampleChains): VerifiableRecord[] => chains.records.get(tenantId) ?? [];

/** The problem in the storage. */
function storedProblem(chains: SampleChains) {
  const anchor = { seq: 0, hash: genesisHash(tenantId) };
  const verifier = new ChainVerifier({ tenantId, keys: chains.keys, anchor });
  for (const record of recordsOf(chains)) {
    const problem = verifier.add(record);
    if (problem !== undefined) return { seq: problem.seq, code: problem.code };
  }
  const end = verifier.finish(chains.endOf(tenantId));
  return end && { seq: end.seq, code: end.code };
}

/** The problem in an export, after somebody changed its lines. */
async function exportProblem(chains: SampleChains, change: (line: string) => string = (line) => line) {
  async function* lines(): AsyncGenerator<string> {
    const anchor = { seq: 0, hash: genesisHash(tenantId).toString('hex') };
    yield await Promise.resolve(JSON.stringify({ audit: exportForm, tenant_id: tenantId, anchor }));
    for (const record of recordsOf(chains)) yield change(exportedEntry(record));
    yield JSON.stringify(exportEnd(chains.endOf(tenantId)));
  }
  const { problem } = await verifyExport(lines(), chains.keys);
  return problem && { seq: problem.seq, code: problem.code };
}

describe('the name of a user (AV3)', () => {
  it('is confirmed in the storage and in an export', async () => {
    const chains = stage();
    expect(storedProblem(chains)).toBeUndefined();
    expect(await exportProblem(chains)).toBeUndefined();
  });

  it('that somebody changed in the storage is found', () => {
    const chains = stage();
    chains.change(tenantId, 2, { userId: 'eve' });
    expect(storedProblem(chains)).toEqual({ seq: 2, code: 'user_changed' });
    const named = stage();
    named.change(tenantId, 3, { userId: 'eve' });
    expect(storedProblem(named)).toEqual({ seq: 3, code: 'user_changed' });
  });

  it('that somebody swapped with its key is found', () => {
    const chains = stage();
    const [ada, bob] = ['ada', 'bob'].map((userId) => chains.person(tenantId, userId));
    chains.change(tenantId, 1, { userId: 'bob', userKey: userKeyOf(bob?.key ?? Buffer.alloc(0)) });
    chains.change(tenantId, 2, { userId: 'ada', userKey: userKeyOf(ada?.key ?? Buffer.alloc(0)) });
    expect(storedProblem(chains)).toEqual({ seq: 1, code: 'user_changed' });
  });

  it('that somebody changed in an export is found', async () => {
    const change = (from: string, to: string) => (line: string) => line.replace(from, to);
    expect(await exportProblem(stage(), change('"user_id":"ada"', '"user_id":"eve"'))).toEqual({
      seq: 1,
      code: 'user_changed',
    });
    const withoutKey = (line: string): string => line.replace(/"user_key":"\w+",/, '');
    expect(await exportProblem(stage(), withoutKey)).toEqual({ seq: 1, code: 'user_changed' });
    const withoutBoth = (line: string): string => line.replace(/"user_id":"ada","user_key":"\w+",/, '');
    expect(await exportProblem(stage(), withoutBoth)).toEqual({ seq: 1, code: 'content_missing' });
  });

  it('may be gone after the erasure of the person, and no other name may come in its place', async () => {
    const erased = (): SampleChains => {
      const chains = stage();
      chains.append(tenantId, { kind: 'person.erased', userId: 'ada' });
      const gone = { content: undefined, contentKey: undefined, userId: undefined, userKey: undefined };
      chains.change(tenantId, 1, gone);
      return chains;
    };
    expect(storedProblem(erased())).toBeUndefined();
    expect(await exportProblem(erased())).toBeUndefined();
    for (const seq of [1, 4]) {
      const named = erased();
      named.change(tenantId, seq, { userId: 'eve' });
      expect(storedProblem(named)).toEqual({ seq, code: 'user_changed' });
    }
  });
});

describe('content (AV3)', () => {
  it('without a key proves nothing, also after the erasure of its person', () => {
    const chains = stage();
    chains.append(tenantId, { kind: 'person.erased', userId: 'ada' });
    chains.change(tenantId, 1, {
      content: '{"result":"made up"}',
      contentKey: undefined,
      userId: undefined,
      userKey: undefined,
    });
    expect(storedProblem(chains)).toEqual({ seq: 1, code: 'content_changed' });
  });

  it('and names that are gone without an erasure are found', () => {
    const chains = stage();
    chains.change(tenantId, 2, { userId: undefined, userKey: undefined });
    expect(storedProblem(chains)).toEqual({ seq: 2, code: 'content_missing' });
  });
});

describe('a kept checkpoint', () => {
  it('of the place after which retention left the chain is compared too', () => {
    const chains = stage();
    const [first, ...rest] = recordsOf(chains);
    const anchor = { seq: 1, hash: Buffer.from(first?.hash ?? []) };
    const problemWith = (hash: Uint8Array) => {
      const checkpoints = [{ seq: 1, hash }];
      const verifier = new ChainVerifier({ tenantId, keys: chains.keys, anchor, checkpoints });
      for (const record of rest) expect(verifier.add(record)).toBeUndefined();
      return verifier.finish(chains.endOf(tenantId));
    };
    expect(problemWith(anchor.hash)).toBeUndefined();
    expect(problemWith(Buffer.alloc(32))).toMatchObject({ seq: 1, code: 'checkpoint_differs' });
  });
});

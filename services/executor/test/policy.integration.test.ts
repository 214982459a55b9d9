import { systemClock } from '@action-mesh/kernel';

import { InstanceLease } from '../src/adapters/postgres/instance-lease.js';
import type { MeshPolicy } from '../src/domain/mesh-policy.js';
import { LedgerBench } from './ledger-bench.js';

let bench: LedgerBench;

beforeAll(async () => {
  bench = await LedgerBench.open();
}, 60_000);

afterAll(async () => {
  await bench.close();
});

function start(name: string, ...egressAllow: string[]): Promise<InstanceLease> {
  return startWith(name, egressAllow, []);
}

function startWith(
  name: string,
  egressAllow: readonly string[],
  credentials: MeshPolicy['credentials'],
): Promise<InstanceLease> {
  return InstanceLease.open({
    url: bench.database.url,
    schema: 'executor',
    name,
    leaseMs: 10_000,
    renewEveryMs: 2_000,
    marginMs: 2_000,
    clock: systemClock,
    policy: { egressAllow, environment: 'test', credentials },
    onChange: () => undefined,
  });
}

const refusal = { code: 'EXECUTOR_POLICY_CONFLICT' };

describe('executors with different EGRESS_ALLOW', () => {
  it('never run side by side, and the later one learns the difference', async () => {
    await using first = await start('first', 'a.internal:443', 'b.internal:443');
    await expect(start('second', 'a.internal:443')).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('EGRESS_ALLOW lacks b.internal:443') as unknown,
    });
    expect(first.current).toBeDefined();
    await using same = await start('same', 'b.internal:443', 'a.internal:443');
    expect(same.current).toBeDefined();
  });

  it('follow each other: the first to start sets the policy', async () => {
    await (await start('before', 'old.internal:443')).close();
    await using after = await start('after', 'new.internal:443');
    expect(after.current).toBeDefined();
  });

  it('are not held up by one that died', async () => {
    await (await start('dead', 'dead.internal:443')).close();
    // The state after a crash: the row says that it lives, and the lock on its connection is free.
    await bench.pool.query(`UPDATE instance SET ended_at = NULL WHERE name = 'dead'`);
    await using next = await start('next', 'next.internal:443');
    expect(next.current).toBeDefined();
  });

  it('do not both start when they start at once', async () => {
    const starts = await Promise.allSettled([
      start('one', 'one.internal:443'),
      start('two', 'two.internal:443'),
    ]);
    const started = starts.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(started).toHaveLength(1);
    for (const each of starts) if (each.status === 'rejected') expect(each.reason).toMatchObject(refusal);
    for (const lease of started) await lease.close();
  });
});

describe('executors with different credentials', () => {
  const github = (value: string): MeshPolicy['credentials'] => [
    {
      variable: 'CREDENTIAL_GITHUB',
      origin: 'https://api.github.com',
      place: { in: 'header', name: 'authorization', value },
    },
  ];

  it('never run side by side, and the later one learns the variable and no value', async () => {
    await using first = await startWith('first-team', [], github('Bearer first-canary'));
    expect(first.current).toBeDefined();
    const refused = await startWith('second-team', [], github('Bearer second-canary')).catch(String);
    expect(refused).toContain('CREDENTIAL_GITHUB has another value');
    expect(refused).not.toContain('canary');
    await expect(startWith('third-team', [], [])).rejects.toMatchObject(refusal);
    const { rows } = await bench.pool.query('SELECT * FROM instance');
    expect(JSON.stringify(rows)).not.toContain('canary');
    await using same = await startWith('same-team', [], github('Bearer first-canary'));
    expect(same.current).toBeDefined();
  });
});

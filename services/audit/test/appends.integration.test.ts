import { leakCheck } from '@action-mesh/testing';
import fc from 'fast-check';

import type { NewEntry } from '../src/domain/new-entry.js';
import { AuditStage, sampleEntry } from './audit-stage.js';

let stage: AuditStage;
beforeAll(async () => {
  stage = await AuditStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());
leakCheck();

async function entriesOf(tenantId: string): Promise<number> {
  const { rows } = await stage.pool.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM entry WHERE tenant_id = $1',
    [tenantId],
  );
  return rows[0]?.count ?? 0;
}

describe('appends', () => {
  it('I13: one entry per transition, however often and wherever its record arrives', async () => {
    const entries = Array.from({ length: 20 }, () => sampleEntry({ tenantId: 'again' }));
    const log = stage.log();
    expect(await log.append([...entries, ...entries])).toEqual([
      ...entries.map(() => true),
      ...entries.map(() => false),
    ]);
    expect(await log.append(entries)).toEqual(entries.map(() => false));
    expect(await stage.log().append(entries)).toEqual(entries.map(() => false));
    expect(await entriesOf('again')).toBe(20);
    expect(await stage.verify({ tenantId: 'again' })).toMatchObject({ complete: true, to: 20 });
  });

  it('I13: writers of several instances share chains without a fork, a gap or a false alarm', async () => {
    const pools = [stage.newPool(), stage.newPool(), stage.newPool()];
    const tenants = ['shared-a', 'shared-b', 'shared-c'];
    const all = Array.from({ length: 240 }, (_, index) =>
      sampleEntry({ tenantId: tenants[index % tenants.length] ?? '' }),
    );
    // Each instance gets every record, as after a rebalance, in another order and in other batches.
    await Promise.all(
      pools.map(async (pool, instance) => {
        const log = stage.log(pool);
        const own = instance === 1 ? all.toReversed() : all;
        for (let at = 0; at < own.length; at += 7 + instance)
          await log.append(own.slice(at, at + 7 + instance));
      }),
    );
    for (const tenantId of tenants) {
      expect(await entriesOf(tenantId)).toBe(80);
      const verification = await stage.verify({ tenantId });
      expect(verification).toMatchObject({ complete: true, to: 80 });
      expect(verification?.problem).toBeUndefined();
    }
    await Promise.all(pools.map((pool) => pool.end()));
  });

  it('verifies while others append', async () => {
    const tenantId = 'busy';
    const log = stage.log();
    await log.append([sampleEntry({ tenantId })]);
    const appends = { done: false };
    const appending = (async () => {
      for (let count = 0; count < 60; count += 1) await log.append([sampleEntry({ tenantId })]);
      appends.done = true;
    })();
    while (!appends.done) expect((await stage.verify({ tenantId }))?.problem).toBeUndefined();
    await appending;
  });

  it('keeps digests alone when content is not kept', async () => {
    const tenantId = 'digests';
    await stage.log(stage.pool, false).append([sampleEntry({ tenantId })]);
    const { rows } = await stage.pool.query('SELECT content FROM entry WHERE tenant_id = $1', [tenantId]);
    expect(rows).toEqual([{ content: null }]);
    const verification = await stage.verify({ tenantId });
    expect(verification).toMatchObject({ complete: true, to: 1 });
    expect(verification?.problem).toBeUndefined();
  });

  it('refuses a fraction, and changes nothing', async () => {
    const entry = sampleEntry({ tenantId: 'fraction', facts: { duration_ms: 1.5 } });
    await expect(stage.log().append([entry])).rejects.toThrow(/not whole/);
    expect(await entriesOf('fraction')).toBe(0);
  });

  it('verifies any entries, with every precision of time and every text', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const moment = fc
      .date({ min: new Date('1971-01-01'), max: new Date('9999-01-01'), noInvalidDate: true })
      .chain((date) =>
        fc.constantFrom('Z', '123Z', '999Z').map((tail) => date.toISOString().replace('Z', tail)),
      );
    const anyEntry = fc.record({ at: moment, text, number: fc.maxSafeInteger(), user: fc.option(text) });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 8 }), async (samples) => {
        const tenantId = `any-${(round += 1)}`;
        const name = (given: string): string => `n${given.replace(/\p{Cc}/gu, '')}`;
        const entries = samples.map(
          ({ at, text: given, number, user }): NewEntry =>
            sampleEntry({
              tenantId,
              at,
              runId: name(given),
              facts: { text: given, number, list: [given, { deep: number }] },
              content: JSON.stringify({ given, number: number / 7 }),
              userId: user === null ? undefined : name(user),
            }),
        );
        await stage.log().append(entries);
        const verification = await stage.verify({ tenantId });
        expect(verification?.problem).toBeUndefined();
        expect(verification).toMatchObject({ complete: true, to: entries.length });
      }),
      { numRuns: 60 },
    );
  });
});

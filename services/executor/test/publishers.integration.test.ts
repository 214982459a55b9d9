import { topics } from '@action-mesh/contracts';
import { noTenant } from '@action-mesh/contracts/executor';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { IngressStage, submission } from './ingress-stage.js';

jest.setTimeout(120_000);

const acme = sampleKey('acme', { use: 'publisher' });
const globex = sampleKey('globex', { use: 'publisher' });
const bound = sampleKey('globex', { use: 'publisher', users: ['grace'], tools: ['slack_*'] });
const reader = sampleKey('globex', { use: 'publisher', scopes: ['calls:read'] });
const api = sampleKey('globex');
/** Never published, so no door knows it. */
const unpublished = sampleKey('globex', { use: 'publisher' });

let stage: IngressStage;

beforeAll(async () => {
  stage = await IngressStage.open(
    sampleTenant('acme'),
    sampleTenant('globex'),
    ...[acme, globex, bound, reader, api].map(({ identity }) => identity),
  );
  await stage.start();
});

afterAll(() => stage[Symbol.asyncDispose]());

async function publish(call: object, token: string | undefined): Promise<void> {
  const headers: Record<string, string> = token === undefined ? {} : { 'mesh-publisher-token': token };
  await stage.publish(topics.ingress.name, JSON.stringify(call), headers);
}

describe('two publishers of two tenants on one ingress', () => {
  it('make calls of their own tenants, and neither sees those of the other', async () => {
    const [first, second] = [submission(), submission()];
    await publish(first, acme.key);
    await publish(second, globex.key);
    const outcomes = [await stage.outcomeOf(first.call_id), await stage.outcomeOf(second.call_id)];
    expect(outcomes.map(({ value }) => [value['tenant_id'], value['status']])).toEqual([
      ['acme', 'succeeded'],
      ['globex', 'succeeded'],
    ]);
    expect(await stage.view('acme', first.call_id)).toMatchObject({ tenant_id: 'acme' });
    expect(await stage.view('globex', first.call_id)).toBeUndefined();
  });

  it('are no duplicates of each other, even with equal content under one call id', async () => {
    const call = submission();
    await publish(call, acme.key);
    await stage.outcomeOf(call.call_id);
    await publish(call, globex.key);
    await waitFor(() => stage.outcomes.filter(({ key }) => key === call.call_id).length === 2, {
      what: 'both outcomes',
      timeoutMs: 30_000,
    });
    const outcomes = stage.outcomes.filter(({ key }) => key === call.call_id);
    expect(
      outcomes.map(({ value }) => [value['tenant_id'], value['replayed'], value['duplicate_of']]),
    ).toEqual([
      ['acme', false, undefined],
      ['globex', false, undefined],
    ]);
    expect(await stage.effectsOf(call)).toBe(2);
  });

  it('cannot name another tenant or key in the call', async () => {
    for (const forged of [{ tenant_id: 'acme' }, { key_id: acme.identity.id }]) {
      const call = submission(forged);
      await publish(call, globex.key);
      const { value } = await stage.outcomeOf(call.call_id);
      expect(value).toMatchObject({
        tenant_id: 'globex',
        status: 'failed',
        error: { code: 'schema_violation' },
      });
      expect(await stage.effectsOf(call)).toBe(0);
    }
  });

  it('get the answer for an unknown id when they use the id of a call of another tenant', async () => {
    const theirs = submission();
    await publish(theirs, acme.key);
    await stage.outcomeOf(theirs.call_id);
    const [same, fresh] = [theirs.call_id, submission().call_id].map((callId) =>
      submission({ call_id: callId, arguments: {} }),
    );
    if (same === undefined || fresh === undefined) throw new Error('there is no call');
    for (const call of [same, fresh]) await publish(call, globex.key);
    const answerTo = (callId: string) =>
      waitFor(
        () =>
          stage.outcomes.find(({ key, value }) => key === callId && value['tenant_id'] === 'globex')?.value,
        { what: `the answer to ${callId}`, timeoutMs: 30_000 },
      );
    const [{ error: known }, { error: unknown }] = [
      await answerTo(same.call_id),
      await answerTo(fresh.call_id),
    ];
    expect(known).toEqual(unknown);
    expect(await stage.view('acme', theirs.call_id)).toMatchObject({ state: 'SUCCEEDED' });
  });
});

describe('the rights of a token', () => {
  it.each([
    ['another user than its own', bound, { tool: { slug: 'slack_post_message' } }, 'user_not_allowed'],
    ['another tool than its own', bound, { user_id: 'grace' }, 'tool_not_found'],
    ['no scope for calls', reader, {}, 'scope_missing'],
  ])('refuse a call with %s, and keep it for its tenant alone', async (_what, { key }, changes, code) => {
    const call = submission(changes);
    await publish(call, key);
    expect((await stage.outcomeOf(call.call_id)).value).toMatchObject({
      tenant_id: 'globex',
      status: 'failed',
      attempts: 0,
      error: { code },
    });
    const isListed = async (tenantId: string): Promise<boolean> =>
      (await stage.refusedRecords(tenantId)).some(({ call_id }) => call_id === call.call_id);
    expect([await isListed('globex'), await isListed('acme')]).toEqual([true, false]);
    expect(await stage.effectsOf(call)).toBe(0);
  });

  it.each([
    ['no token', undefined],
    ['an API key', api.key],
    ['a token that no door knows', unpublished.key],
  ])('are missing with %s: the record has no tenant, and only the platform sees it', async (_what, token) => {
    const call = submission();
    await publish(call, token);
    const { value } = await stage.outcomeOf(call.call_id);
    expect(value).toMatchObject({ tenant_id: noTenant, error: { code: 'publisher_token_invalid' } });
    expect(JSON.stringify(value)).not.toMatch(/mesh(pub)?_dev/);
    const isListed = async (tenantId: string, scopes: string): Promise<boolean> =>
      (await stage.refusedRecords(tenantId, scopes)).some(({ call_id }) => call_id === call.call_id);
    const owner = 'calls:read dlq:admin keys:admin';
    expect([
      await isListed('acme', owner),
      await isListed('globex', owner),
      await isListed('acme', `${owner} tenants:admin`),
    ]).toEqual([false, false, true]);
    expect(await stage.effectsOf(call)).toBe(0);
  });

  it('end within two seconds of the revocation', async () => {
    const brief = sampleKey('acme', { use: 'publisher' });
    await stage.identify(brief.identity);
    await waitFor(
      async () => {
        const call = submission();
        await publish(call, brief.key);
        return (await stage.outcomeOf(call.call_id)).value['status'] === 'succeeded';
      },
      { what: 'the token to open the ingress', timeoutMs: 30_000 },
    );
    await stage.forget(brief.identity);
    const revokedAtMs = performance.now();
    await waitFor(
      async () => {
        const call = submission();
        await publish(call, brief.key);
        return (await stage.outcomeOf(call.call_id)).value['tenant_id'] === noTenant;
      },
      { what: 'the token to be refused', timeoutMs: 30_000 },
    );
    expect(performance.now() - revokedAtMs).toBeLessThan(2_000);
  });
});

import { DeliveryRecordUnavailableError } from '../../domain/webhooks.errors.js';
import type { NewDelivery } from './webhook-record.port.js';
import { TakeOutcomes, type OutcomeToReport } from './take-outcomes.js';

const at = '2026-03-02T09:15:00.000Z';

function outcome(callId: string, userId = 'ada'): OutcomeToReport {
  const selectable = { tenantId: 'acme', userId, tool: 'slack_post', status: 'failed', callId, seq: 1, at };
  return { selectable, reported: { status: 'failed', at }, text: () => `{"call_id":"${callId}"}` };
}

function stage() {
  const recorded: NewDelivery[] = [];
  const told = { recorded: 0, statements: 0 };
  const state = { isDown: false };
  const take = new TakeOutcomes(
    {
      select: (outcomes) => {
        told.statements += 1;
        if (state.isDown) return Promise.reject(new DeliveryRecordUnavailableError(new Error('down')));
        if (outcomes.some(({ userId }) => userId === 'poison')) return Promise.reject(new Error('poison'));
        return Promise.resolve(
          outcomes.flatMap(({ userId }, place) =>
            userId === 'nobody' ? [] : [{ outcome: place, endpointId: `of-${userId}` }],
          ),
        );
      },
      record: (deliveries) => {
        recorded.push(...deliveries);
        return Promise.resolve();
      },
    },
    () => (told.recorded += 1),
  );
  return { take, recorded, told, state };
}

describe('outcomes', () => {
  it('become a delivery for each endpoint, with one statement for those that arrive together', async () => {
    const { take, recorded, told } = stage();
    await Promise.all([
      take.run(outcome('a')),
      take.run(outcome('b', 'bob')),
      take.run(outcome('c', 'nobody')),
    ]);
    expect(recorded).toMatchObject([
      { endpointId: 'of-ada', callId: 'a', type: 'call.failed', tenantId: 'acme', seq: 1 },
      { endpointId: 'of-bob', callId: 'b' },
    ]);
    expect(recorded[0]?.body).toBe(`{"type":"call.failed","timestamp":"${at}","data":{"call_id":"a"}}`);
    expect(told).toEqual({ recorded: 1, statements: 1 });
  });

  it('that are large share statements of a bounded size', async () => {
    const sizes: number[] = [];
    let texts = 0;
    const take = new TakeOutcomes(
      {
        select: (outcomes) =>
          Promise.resolve(
            outcomes.flatMap((_each, place) =>
              Array.from({ length: 50 }, (_other, at) => ({ outcome: place, endpointId: `e${at}` })),
            ),
          ),
        record: (deliveries) => {
          sizes.push(deliveries.reduce((sum, { body }) => sum + body.length, 0));
          return Promise.resolve();
        },
      },
      () => undefined,
    );
    const large = `"${'x'.repeat(200_000)}"`;
    const text = (): string => {
      texts += 1;
      return large;
    };
    await Promise.all(['a', 'b', 'c', 'd'].map((callId) => take.run({ ...outcome(callId), text })));
    expect(Math.max(...sizes)).toBeLessThan(9 * 1_048_576);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(200 * 200_000);
    expect(texts).toBe(4);
  });

  it('without an endpoint cost no second statement', async () => {
    const { take, recorded, told } = stage();
    await take.run(outcome('a', 'nobody'));
    expect(recorded).toEqual([]);
    expect(told.recorded).toBe(0);
  });

  it('that cannot be recorded prevent no other one (WH6)', async () => {
    const { take, recorded } = stage();
    const results = await Promise.allSettled(
      ['ada', 'poison', 'bob'].map((userId) => take.run(outcome(userId, userId))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(recorded.map(({ callId }) => callId)).toEqual(['ada', 'bob']);
  });

  it('are refused together while the record is away, without a statement for each', async () => {
    const { take, told, state } = stage();
    state.isDown = true;
    const results = await Promise.allSettled(['a', 'b'].map((callId) => take.run(outcome(callId))));
    expect(results).toMatchObject([
      { reason: { code: 'WEBHOOKS_RECORD_UNAVAILABLE' } },
      { reason: { code: 'WEBHOOKS_RECORD_UNAVAILABLE' } },
    ]);
    expect(told.statements).toBe(1);
  });
});

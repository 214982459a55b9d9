import { largestBodyBytes, smallWebhookBody, testWebhookBody, webhookBody } from './webhook-body.js';

const outcome = { status: 'succeeded', at: '2026-03-02T09:15:00.000Z', call_id: 'c1' };

describe('the body of a webhook', () => {
  it('holds the published outcome, digit by digit', () => {
    const text = '{"call_id":"c1","result":{"id":12345678901234567890,"price":1.10}}';
    expect(webhookBody(outcome, text)).toBe(
      `{"type":"call.succeeded","timestamp":"2026-03-02T09:15:00.000Z","data":${text}}`,
    );
  });

  it('leaves a large result out, and says so', () => {
    expect(webhookBody(outcome, `"${'é'.repeat(largestBodyBytes / 2)}"`)).toBeUndefined();
    expect(JSON.parse(smallWebhookBody(outcome))).toEqual({
      type: 'call.succeeded',
      timestamp: outcome.at,
      data: { ...outcome, result_omitted: true },
    });
  });

  it('of a test names the endpoint', () => {
    expect(JSON.parse(testWebhookBody('e1', outcome.at))).toEqual({
      type: 'webhook.test',
      timestamp: outcome.at,
      data: { endpoint_id: 'e1' },
    });
  });
});

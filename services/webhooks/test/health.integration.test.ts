import { leakCheck } from '@action-mesh/testing';

import { WebhooksHarness } from './webhooks-harness.js';

let mesh: WebhooksHarness;
beforeAll(async () => {
  mesh = await WebhooksHarness.start();
});
afterAll(() => mesh[Symbol.asyncDispose]());
leakCheck();

describe('the webhooks service on a real broker and database', () => {
  it('is ready once it has started', async () => {
    await using service = await mesh.service();
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });
});

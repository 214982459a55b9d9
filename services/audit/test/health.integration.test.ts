import { leakCheck } from '@action-mesh/testing';

import { AuditStage } from './audit-stage.js';

let stage: AuditStage;
beforeAll(async () => {
  stage = await AuditStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());
leakCheck();

describe('audit on a real broker and database', () => {
  it('is ready once it has started', async () => {
    await using service = await stage.service();
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });
});

import { HealthChecks } from './health.js';

describe('HealthChecks', () => {
  it('is well while no component reports a problem', async () => {
    await expect(new HealthChecks().readiness()).resolves.toEqual({ ok: true, problems: {} });
  });

  it('names the components that are not ready, and separates readiness from liveness', async () => {
    const checks = new HealthChecks();
    checks.register({ name: 'kafka', ready: () => 'has not joined', live: () => undefined });
    checks.register({ name: 'ledger', ready: () => Promise.reject(new Error('no lease')) });
    checks.register({ name: 'tools', ready: () => undefined });
    await expect(checks.readiness()).resolves.toEqual({
      ok: false,
      problems: { kafka: 'has not joined', ledger: 'no lease' },
    });
    await expect(checks.liveness()).resolves.toEqual({ ok: true, problems: {} });
  });

  it('forgets a removed component', async () => {
    const checks = new HealthChecks();
    const remove = checks.register({ name: 'kafka', ready: () => 'away' });
    remove();
    await expect(checks.readiness()).resolves.toMatchObject({ ok: true });
  });

  it('is not ready while it drains, even if its components are', async () => {
    const checks = new HealthChecks();
    checks.drain();
    await expect(checks.readiness()).resolves.toEqual({
      ok: false,
      problems: { service: 'is shutting down' },
    });
    await expect(checks.liveness()).resolves.toMatchObject({ ok: true });
  });

  it('reports a check that does not answer in time', async () => {
    const checks = new HealthChecks(20);
    checks.register({ name: 'stuck', ready: () => new Promise(() => undefined) });
    await expect(checks.readiness()).resolves.toEqual({
      ok: false,
      problems: { stuck: 'did not answer within 20 ms' },
    });
  });
});

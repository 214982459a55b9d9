import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { systemClock } from '@action-mesh/kernel';
import { HealthChecks } from '@action-mesh/platform';

import { ledgerHealth, LedgerWatch } from './ledger-watch.js';

/** An executor with an answer that the test chooses. */
async function stage() {
  const answer: { state: object | undefined } = { state: { accepts: true } };
  const server = createServer((request, response) => {
    if (request.url !== '/internal/ledger' || answer.state === undefined) request.socket.destroy();
    else response.end(JSON.stringify(answer.state));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const changes: (string | undefined)[] = [];
  const clock = { aheadMs: 0, monotonicMs: () => systemClock.monotonicMs() + clock.aheadMs };
  const watch = new LedgerWatch({
    executor: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      serviceKey: 'k'.repeat(48),
    },
    clock,
    onChange: (refusal) => changes.push(refusal),
  });
  watch.start();
  const until = async (refusal: string | undefined): Promise<void> => {
    const endMs = performance.now() + 10_000;
    while (watch.refusal !== refusal) {
      if (performance.now() > endMs) throw new Error(`it still says ${watch.refusal ?? 'nothing'}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const close = async (): Promise<void> => {
    await watch.close();
    server.close();
  };
  return { answer, clock, changes, watch, until, close };
}

it('notices within a moment that the ledger refuses, and that it accepts again', async () => {
  const { answer, changes, until, close } = await stage();
  answer.state = { accepts: false, reason: 'the disk is full' };
  await until('the disk is full');
  answer.state = { accepts: true };
  await until(undefined);
  expect(changes).toEqual(['the disk is full', undefined]);
  await close();
}, 15_000);

it('forgets a refusal when executors fall silent, since Kafka keeps calls for them', async () => {
  const { answer, clock, watch, until, close } = await stage();
  answer.state = { accepts: false, reason: 'the disk is full' };
  await until('the disk is full');
  answer.state = undefined;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(watch.refusal).toBe('the disk is full');
  clock.aheadMs = 5_001;
  await until(undefined);
  await close();
}, 15_000);

it('makes /health/ready say why the gateway refuses calls, until the ledger accepts again', async () => {
  const { answer, watch, until, close } = await stage();
  const health = new HealthChecks();
  health.register(ledgerHealth(watch));
  answer.state = { accepts: false, reason: 'the disk is full' };
  await until('the disk is full');
  await expect(health.readiness()).resolves.toEqual({
    ok: false,
    problems: { ledger: 'new calls cannot be recorded: the disk is full' },
  });
  answer.state = { accepts: true };
  await until(undefined);
  await expect(health.readiness()).resolves.toEqual({ ok: true, problems: {} });
  await close();
}, 15_000);

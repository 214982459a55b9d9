import { leakCheck } from '@action-mesh/testing';
import { Egress } from '../src/index.js';
import type { Attempt, EgressPolicy, EgressRequest } from '../src/index.js';
import { RawServer } from './raw-server.js';

export interface Bench {
  /** An egress that may reach the whole of 127.0.0.0/8 on every port that the test opens; closed after the test. */
  egress(policy?: EgressPolicy): Egress;
  /** A server that is stopped after the test. */
  serve(...args: Parameters<typeof RawServer.start>): Promise<RawServer>;
}

/** One bench per test file. It closes everything that a test opened, and fails the test if anything else stays open. */
export function setUpBench(): Bench {
  const opened: { close: () => Promise<void> }[] = [];
  const ports = new Set<number>();
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close();
    ports.clear();
  });
  // The leak check comes last: hooks after a test run in the order in which they were set.
  leakCheck();
  return {
    egress: (policy = {}) => {
      const allow = policy.allow ?? [...ports].map((port) => `127.0.0.0/8:${port}`);
      const egress = new Egress({ connectTimeoutMs: 2000, ...policy, allow });
      opened.push({ close: () => egress.close() });
      return egress;
    },
    serve: async (...args) => {
      const server = await RawServer.start(...args);
      opened.push({ close: () => server.stop() });
      ports.add(server.port);
      return server;
    },
  };
}

/** Sends a small POST. */
export function post(egress: Egress, url: string, more: Partial<EgressRequest> = {}): Promise<Attempt> {
  return egress.request({
    method: 'POST',
    url,
    body: '{"n":1}',
    deadlineMs: 3000,
    maxResponseBytes: 100_000,
    ...more,
  });
}

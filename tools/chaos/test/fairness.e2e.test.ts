import { startMesh, type MeshHarness } from '@action-mesh/mesh-processes/testing';

import { measureFlood } from '../src/flood/measure-flood.js';

const flood = 5_000;

/**
 * The flood, the mesh, its infrastructure, this test and another one share two cores here. Below this many
 * milliseconds, a doubled time shows the noise of the machine, not the mesh. A quiet call that queues behind the flood
 * takes far longer: eight seconds when one queue put both into the ledger, 25 when both waited in one line for a
 * provider. `npm run chaos -- --flood` measures the bound itself, on an idle machine.
 */
const noiseMs = 2_500;

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

afterAll(async () => {
  await harness.close();
});

it('a tenant that floods makes no other wait twice as long, and all its calls end (I11, I12)', async () => {
  const { mesh, oracle, brokers, topicPrefix } = harness;
  await oracle.behave({ match: {}, mode: 'delay', ms: 50 });
  const report = await measureFlood({
    mesh,
    client: { brokers, clientId: 'fairness-test', topicPrefix },
    tool: 'read_item',
    calls: flood,
    signal: AbortSignal.timeout(200_000),
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report.succeeded).toBe(flood);
  // The gateway's refusals bound the mesh. Without any, this test would prove nothing.
  expect(report.refused).toBeGreaterThan(0);
  expect(report.flooded.p99Ms).toBeLessThanOrEqual(Math.max(2 * report.calm.p99Ms, noiseMs));
  expect(report.rssMb.most).toBeLessThan(700);
}, 240_000);

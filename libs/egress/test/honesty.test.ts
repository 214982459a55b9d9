import { startFaultProxy, startProviderSimulator } from '@action-mesh/testing';
import type { FaultProxy, Faults, ProviderSimulator } from '@action-mesh/testing';
import { Egress } from '../src/index.js';
import type { Attempt } from '../src/index.js';
import { post } from './bench.js';

/**
 * The claim behind every guarantee of the mesh: `not_sent` means that the provider saw nothing, `response` that it
 * served the request. An oracle in another process decides, over faults at every stage of an exchange.
 */
describe('the report of egress agrees with the provider', () => {
  let provider: ProviderSimulator;
  let proxy: FaultProxy;
  beforeAll(async () => {
    provider = await startProviderSimulator();
    proxy = await startFaultProxy({ target: provider.url.replace('http://', '') });
  }, 20_000);
  afterAll(async () => {
    await proxy.stop();
    await provider.stop();
  });

  const upCuts = [0, 1, 50, 150, 190, 230, 260, 300, 1000];
  const downCuts = [0, 1, 15, 60, 120, 170, 200, 1000];
  const faults: Faults[] = [
    { refuse: true },
    { dropResponse: 'rst' },
    { dropResponse: 'fin' },
    { dropResponse: 'swallow' },
    { blackHole: 'up' },
    { blackHole: 'down' },
    { latencyMs: 20 },
    ...upCuts.flatMap((afterBytes) => cuts('up', afterBytes)),
    ...downCuts.flatMap((afterBytes) => cuts('down', afterBytes)),
  ];

  it.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))('%s', async (_name, fault) => {
    for (const isWarm of [false, true]) {
      await provider.reset();
      proxy.heal();
      await using egress = new Egress({ allow: [proxy.address], connectionsPerOrigin: 1 });
      const url = `http://${proxy.address}/echo`;
      if (isWarm) expect(await send(egress, url, 'warm')).toMatchObject({ status: 200 });
      proxy.set(fault);
      // A dropped or slow answer comes after the effect, so the request needs time to arrive on a loaded machine.
      const mustArrive = fault.dropResponse !== undefined || fault.latencyMs !== undefined;
      const attempt = await send(egress, url, 'the-call', mustArrive ? 2_000 : 250);
      proxy.dropConnections('rst');
      const { effects } = await provider.effects({ key: 'the-call' });
      const seen = await provider.requests({ key: 'the-call' });
      if (attempt.kind === 'not_sent') expect(seen).toEqual([]);
      if (attempt.kind === 'response') expect(effects).toBe(1);
      expect(seen.length).toBeLessThanOrEqual(1);
      if (fault.latencyMs !== undefined) expect(attempt.kind).toBe('response');
      if (fault.dropResponse !== undefined) expect([attempt.kind, effects]).toEqual(['indeterminate', 1]);
    }
  });

  function send(egress: Egress, url: string, call: string, deadlineMs = 250): Promise<Attempt> {
    return post(egress, url, { deadlineMs, headers: { 'x-mesh-call-hash': call } });
  }
});

function cuts(direction: 'up' | 'down', afterBytes: number): Faults[] {
  return (['fin', 'rst'] as const).map((how) => ({ cut: { direction, afterBytes, how } }));
}

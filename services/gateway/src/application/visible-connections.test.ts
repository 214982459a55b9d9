import { samplePrincipal } from '@action-mesh/identity/testing';

import { problemOf } from '../adapters/http/problem-table.js';
import { FakeAuthBrokerClient } from './auth-broker-client.fake.js';
import type { CallVisibility } from './call-visibility.js';
import { VisibleConnections } from './visible-connections.js';

const id = '01998c50-0000-7a0b-8c0d-0e0f10111213';
const view = {
  connection_id: id,
  user_id: 'ada',
  integration: 'github',
  provider: 'github',
  state: 'active',
  is_default: true,
  created_at: '2026-11-30T00:00:00.000Z',
};
const ada = samplePrincipal({ tenantId: 'acme', users: new Set(['ada']) });
const eve = samplePrincipal({ tenantId: 'acme', users: new Set(['eve']) });

function stage(): { broker: FakeAuthBrokerClient; connections: VisibleConnections } {
  const broker = new FakeAuthBrokerClient();
  broker.answer = { status: 200, body: view };
  const visibility: Pick<CallVisibility, 'narrow'> = { narrow: (_caller, query) => query };
  return { broker, connections: new VisibleConnections(broker, visibility) };
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return problemOf(error)?.problem.code;
}

describe('the connections that a caller sees', () => {
  it('are those of its users, and any other one is unknown (VC1)', async () => {
    const { broker, connections } = stage();
    expect(await connections.find(ada, id)).toEqual(view);
    for (const work of [
      () => connections.find(eve, id),
      () => connections.makeDefault(eve, id),
      () => connections.disconnect(eve, id),
    ])
      expect(await codeOf(work())).toBe('connection_not_found');
    // The user of another key never reaches a change.
    expect(broker.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
  });

  it.each(['', '..', 'github', id.toUpperCase().slice(1), `${id}/default`])(
    'do not include the impossible id %p, about which nobody is asked',
    async (name) => {
      const { broker, connections } = stage();
      expect(await codeOf(connections.find(ada, name))).toBe('connection_not_found');
      expect(broker.requests).toEqual([]);
    },
  );

  it('are unavailable when the broker answers in an unknown form', async () => {
    const { broker, connections } = stage();
    broker.answer = { status: 200, body: { connection_id: 'x' } };
    expect(await codeOf(connections.find(ada, id))).toBe('mesh_unavailable');
  });
});

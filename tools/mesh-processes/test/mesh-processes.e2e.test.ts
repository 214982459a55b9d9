import { waitFor } from '@action-mesh/testing';

import { MeshProcesses } from '../src/mesh-processes.js';

/** A port of the machine without a server. */
const nowhere = '127.0.0.1:1';

describe('a mesh of processes', () => {
  it('leaves nothing running when it is disposed of during its start', async () => {
    const mesh = new MeshProcesses({
      devstack: { kafkaBrokers: [nowhere] },
      topicPrefix: 'test-',
      databaseUrl: `postgres://nobody@${nowhere}/mesh_test`,
      tools: '',
      providerUrls: {},
      egressAllow: [],
      onUnexpectedExit: () => undefined,
    });
    const starting = mesh.startAll();
    // The processes start once a port for the gateway is known.
    await waitFor(() => mesh.pidOf('executor') > 0, { timeoutMs: 10_000, what: 'the executor to start' });
    const pid = mesh.pidOf('executor');
    expect(isRunning(pid)).toBe(true);

    await Promise.all([
      expect(starting).rejects.toThrow(/ended before it was ready/),
      mesh[Symbol.asyncDispose](),
    ]);

    expect(isRunning(pid)).toBe(false);
    expect(isRunning(mesh.pidOf('rate-governor'))).toBe(false);
    await expect(mesh.start('gateway')).rejects.toThrow('after everything was stopped');
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

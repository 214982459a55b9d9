import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { leakCheck, startFaultProxy, waitFor } from '../src/index.js';
import type { FaultProxy, Faults } from '../src/index.js';

/** Records the events of one end of a connection. */
class Witness {
  received = '';
  ended = false;
  error: string | undefined;
  closed = false;

  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;

    socket.on('data', (chunk: Buffer) => (this.received += chunk.toString()));
    socket.on('end', () => (this.ended = true));
    socket.on('error', (error: NodeJS.ErrnoException) => (this.error = error.code));
    socket.on('close', () => (this.closed = true));
  }
}

leakCheck();

describe('the fault proxy', () => {
  let server: Server;
  let target: string;
  let accepted: Witness[];
  let proxy: FaultProxy;
  let clients: Socket[];

  beforeEach(async () => {
    accepted = [];
    clients = [];
    // Answers each request with its text in capitals.
    server = createServer({ allowHalfOpen: true }, (socket) => {
      accepted.push(new Witness(socket));
      socket.on('data', (chunk: Buffer) => socket.write(chunk.toString().toUpperCase()));
      socket.on('end', () => socket.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    proxy = await startFaultProxy({ target });
  });
  afterEach(async () => {
    for (const socket of [...clients, ...accepted.map((witness) => witness.socket)]) socket.destroy();
    await proxy.stop();
    server.close();
  });

  const dial = async (faults: Faults = {}) => {
    proxy.set(faults);
    const socket = connect({ host: proxy.host, port: proxy.port, allowHalfOpen: true });
    clients.push(socket);
    const witness = new Witness(socket);
    await once(socket, 'connect');
    return witness;
  };
  const until = (what: string, condition: () => boolean) => waitFor(condition, { what, timeoutMs: 4000 });

  it('without faults passes bytes and ends in both directions', async () => {
    const client = await dial();
    client.socket.write('hello');
    await until('the echo', () => client.received === 'HELLO');
    client.socket.end();
    await until('the end to come back', () => client.ended);
    await until('the link to be gone', () => proxy.connections.open === 0);
    expect(proxy.connections.accepted).toBe(1);
    expect([proxy.bytesPassed('up'), proxy.bytesPassed('down')]).toEqual([5, 5]);
    expect(client.error).toBeUndefined();
  });

  it('adds latency without reordering', async () => {
    const client = await dial({ latencyMs: 30, jitterMs: 20 });
    const startedAt = performance.now();
    for (const part of ['a', 'b', 'c', 'd']) client.socket.write(part);
    await until('the echo', () => client.received === 'ABCD');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
  });

  it('holds back bytes one way and delivers them when healed', async () => {
    const client = await dial({ blackHole: 'down' });
    client.socket.write('x');
    await until('the target to have the request', () => accepted[0]?.received === 'x');
    expect(client.received).toBe('');
    proxy.heal();
    await until('the answer', () => client.received === 'X');
  });

  it.each(['swallow', 'rst', 'fin'] as const)(
    'delivers the request and drops the response: %s',
    async (how) => {
      const client = await dial({ dropResponse: how });
      client.socket.write('pay');
      await until('the target to have the request', () => accepted[0]?.received === 'pay');
      if (how === 'rst') await until('a reset', () => client.error === 'ECONNRESET');
      if (how === 'fin') await until('an end', () => client.ended);
      if (how === 'swallow') expect(client.closed).toBe(false);
      expect(client.received).toBe('');
      expect(proxy.bytesPassed('down')).toBe(0);
    },
  );

  it('cuts after a number of bytes up', async () => {
    const client = await dial({ cut: { direction: 'up', afterBytes: 3, how: 'fin' } });
    client.socket.write('abcdef');
    await until('the target to see the end', () => accepted[0]?.ended === true);
    expect(accepted[0]?.received).toBe('abc');
    await until('the client to see the end', () => client.ended);
  });

  it('cuts after a number of bytes down, with a reset', async () => {
    const client = await dial({ cut: { direction: 'down', afterBytes: 2, how: 'rst' } });
    client.socket.write('abcdef');
    // When bytes and a reset arrive together, Node may report the reset as an end.
    await until('the end', () => client.ended || client.error === 'ECONNRESET');
    expect(client.received).toBe('AB');
    expect(accepted[0]?.received).toBe('abcdef');
    expect(proxy.bytesPassed('down')).toBe(2);
  });

  it('half-closes: the other way stays open', async () => {
    const client = await dial();
    client.socket.write('x');
    await until('the echo', () => client.received === 'X');
    proxy.halfClose('down');
    await until('an end', () => client.ended);
    client.socket.write('y');
    await until('the target to have more', () => accepted[0]?.received === 'xy');
  });

  it('resets open connections, and new ones while it refuses', async () => {
    const open = await dial();
    open.socket.write('x');
    await until('the echo', () => open.received === 'X');
    proxy.dropConnections('rst');
    await until('a reset', () => open.error === 'ECONNRESET');
    proxy.set({ refuse: true });
    const refused = new Witness(connect({ host: proxy.host, port: proxy.port }));
    await until('a refusal', () => refused.error === 'ECONNRESET');
    expect(accepted).toHaveLength(1);
  });

  it('passes on a failed connection to the target', async () => {
    server.close();
    const client = await dial();
    await until('a reset', () => client.closed);
    expect(client.received).toBe('');
  });
});

import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';

import { ClientSockets } from './kafkajs-sockets.js';

let server: net.Server;
let port: number;

beforeEach(async () => {
  server = net.createServer((socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => server.close());

const connect = (sockets: ClientSockets): net.Socket =>
  sockets.factory({
    host: '127.0.0.1',
    port,
    // The library passes null when no TLS is configured.
    ssl: null as unknown as Parameters<ClientSockets['factory']>[0]['ssl'],
    onConnect: () => undefined,
  });

describe('ClientSockets', () => {
  it('turns Nagle’s algorithm off (K18)', async () => {
    const calls: (boolean | undefined)[] = [];
    const original = Object.getOwnPropertyDescriptor(net.Socket.prototype, 'setNoDelay') ?? {};
    net.Socket.prototype.setNoDelay = function (noDelay) {
      calls.push(noDelay);
      return this;
    };
    const socket = connect(new ClientSockets());
    Object.defineProperty(net.Socket.prototype, 'setNoDelay', original);
    await once(socket, 'connect');
    socket.destroy();
    expect(calls).toEqual([true]);
  });

  it('speaks TLS when the configuration has it', async () => {
    const socket = new ClientSockets().factory({
      host: '127.0.0.1',
      port,
      ssl: {},
      onConnect: () => undefined,
    });
    expect(socket).toBeInstanceOf(tls.TLSSocket);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined).destroy();
    await closed;
  });

  it('cuts open connections, and those that an abandoned client opens later (K10, K11)', async () => {
    const sockets = new ClientSockets();
    const open = connect(sockets);
    await once(open, 'connect');
    const cut = once(open, 'error');
    sockets.destroy();
    await cut;
    const late = connect(sockets);
    await expect(once(late, 'connect')).rejects.toThrow('the client was closed');
  });
});

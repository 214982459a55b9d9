import { connect } from 'node:net';
import { once } from 'node:events';
import { waitFor } from '@action-mesh/testing';
import { post, setUpBench } from './bench.js';
import { answering, certificate, okResponse } from './raw-server.js';

const bench = setUpBench();

describe('a request is certainly not sent when', () => {
  it('the policy denies it: egress tries no connection', async () => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress({ allow: [] });
    const attempt = await post(egress, server.url);
    expect(attempt).toMatchObject({
      kind: 'not_sent',
      reason: 'denied',
      code: 'EGRESS_DENIED_ADDRESS',
      retryable: false,
    });
    expect(server.sockets).toHaveLength(0);
  });

  it('a header would smuggle another request', async () => {
    const server = await bench.serve(answering(okResponse()));
    const attempt = await post(bench.egress(), server.url, {
      headers: { 'x-a': 'b\r\n\r\nGET /admin HTTP/1.1' },
    });
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'denied', code: 'EGRESS_DENIED_HEADER' });
    expect(server.sockets).toHaveLength(0);
  });

  it('no server listens', async () => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress();
    const { url } = server;
    await server.stop();
    expect(await post(egress, url)).toMatchObject({
      kind: 'not_sent',
      reason: 'refused',
      code: 'EGRESS_REFUSED',
      message: `the connection to ${new URL(url).host} was refused`,
      detail: 'ECONNREFUSED',
      retryable: true,
    });
  });

  it('the name does not exist', async () => {
    const attempt = await post(bench.egress(), 'https://nowhere.invalid/', { deadlineMs: 10_000 });
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'dns', code: 'EGRESS_DNS', retryable: true });
  });

  it('the name has no addresses', async () => {
    const attempt = await post(
      bench.egress({ resolve: () => Promise.resolve([]) }),
      'https://empty.example/',
    );
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'dns' });
  });

  it('name resolution takes too long', async () => {
    const never = new Promise<never>(() => undefined);
    const egress = bench.egress({ connectTimeoutMs: 50, resolve: () => never });
    expect(await post(egress, 'https://slow.example/')).toMatchObject({
      kind: 'not_sent',
      reason: 'connect_timeout',
      code: 'EGRESS_CONNECT_TIMEOUT',
    });
  });

  it('the secure handshake is never answered', async () => {
    const silent = await bench.serve(() => undefined);
    const egress = bench.egress({ connectTimeoutMs: 80 });
    const attempt = await post(egress, silent.url.replace('http:', 'https:'));
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'connect_timeout' });
  });

  it('the server speaks no TLS', async () => {
    const plain = await bench.serve(answering(okResponse()));
    const attempt = await post(bench.egress(), plain.url.replace('http:', 'https:'));
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'tls', code: 'EGRESS_TLS', retryable: true });
    expect(plain.received.join('')).not.toContain('POST');
  });

  it('the connection is reset during the handshake', async () => {
    const server = await bench.serve((socket) => socket.on('data', () => socket.resetAndDestroy()));
    const attempt = await post(bench.egress(), server.url.replace('http:', 'https:'));
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'tls', retryable: true });
  });

  it('the certificate is not trusted, or is for another host', async () => {
    const server = await bench.serve(answering(okResponse()), { tls: true });
    const url = server.url.replace('http:', 'https:');
    expect(await post(bench.egress(), url)).toMatchObject({ reason: 'tls', retryable: true });
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 as const }]);
    const egress = bench.egress({ ca: certificate(), resolve });
    expect(await post(egress, `https://other.test:${server.port}/`)).toMatchObject({
      reason: 'tls',
      retryable: true,
    });
    expect(await post(egress, `https://provider.test:${server.port}/`)).toMatchObject({
      kind: 'response',
      status: 200,
    });
  });

  it('the signal was given before', async () => {
    const server = await bench.serve(answering(okResponse()));
    const attempt = await post(bench.egress(), server.url, { signal: AbortSignal.abort() });
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'aborted', code: 'EGRESS_ABORTED' });
    expect(server.sockets).toHaveLength(0);
  });

  it('egress is closed', async () => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress();
    await egress.close();
    expect(await post(egress, server.url)).toMatchObject({ kind: 'not_sent', code: 'EGRESS_CLOSED' });
  });

  it.each([
    ['returns false', () => false],
    [
      'throws',
      () => {
        throw new Error('the lease is gone');
      },
    ],
  ])('the last check %s; the connection stays open', async (_name, beforeSend) => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress({ connectionsPerOrigin: 1 });
    expect(await post(egress, server.url)).toMatchObject({ status: 200 });
    expect(await post(egress, server.url, { beforeSend })).toMatchObject({
      kind: 'not_sent',
      reason: 'aborted',
      code: 'EGRESS_ABORTED',
    });
    expect(await post(egress, server.url, { beforeSend: () => true })).toMatchObject({ status: 200 });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.match(/POST/g)).toHaveLength(2);
  });
});

describe('while it waits for a connection, a request', () => {
  /** One connection, taken by a request that hangs until released. */
  const occupied = async () => {
    const server = await bench.serve(() => undefined);
    const egress = bench.egress({ connectionsPerOrigin: 1 });
    const first = post(egress, server.url);
    await waitFor(() => server.received[0]?.includes('POST'), { what: 'the first request' });
    const release = async (): Promise<void> => {
      server.sockets[0]?.write(okResponse());
      expect(await first).toMatchObject({ status: 200 });
    };
    return { server, egress, release };
  };

  it('ends unsent at its deadline, and stays unsent after a connection becomes free', async () => {
    const { server, egress, release } = await occupied();
    const attempt = await post(egress, server.url, { deadlineMs: 30 });
    expect(attempt).toMatchObject({ kind: 'not_sent', reason: 'connect_timeout', code: 'EGRESS_DEADLINE' });
    await release();
    const last = post(egress, server.url);
    await waitFor(() => server.received.join('').split('POST').length === 3, { what: 'the last request' });
    server.sockets.at(-1)?.write(okResponse());
    expect(await last).toMatchObject({ status: 200 });
    expect(server.received.join('').match(/POST/g)).toHaveLength(2);
  });

  it('ends unsent by its signal', async () => {
    const { server, egress, release } = await occupied();
    const controller = new AbortController();
    const second = post(egress, server.url, { signal: controller.signal });
    controller.abort();
    expect(await second).toMatchObject({ kind: 'not_sent', reason: 'aborted', code: 'EGRESS_ABORTED' });
    await release();
    expect(server.received.join('').match(/POST/g)).toHaveLength(1);
  });
});

describe('a kept connection that has gone stale', () => {
  it('after a reset before the request: not sent', async () => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress({ connectionsPerOrigin: 1 });
    expect(await post(egress, server.url)).toMatchObject({ status: 200 });
    const [socket] = server.sockets;
    if (socket === undefined) throw new Error('no connection');
    let looks = 0;
    // In the close event, the reset is on its way, and the client has not yet noticed it.
    const second = once(socket, 'close').then(() =>
      post(egress, server.url, { beforeSend: () => void (looks += 1) }),
    );
    socket.resetAndDestroy();
    expect(await second).toMatchObject({
      kind: 'not_sent',
      reason: 'stale_connection',
      code: 'EGRESS_STALE_CONNECTION',
      retryable: true,
    });
    expect(looks).toBe(0);
    expect(server.received.join('').match(/POST/g)).toHaveLength(1);
  });

  it('after a normal end: egress opens a new connection and sends the request once', async () => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress({ connectionsPerOrigin: 1 });
    await post(egress, server.url);
    server.sockets[0]?.end();
    expect(await post(egress, server.url)).toMatchObject({ status: 200 });
    expect(server.received).toHaveLength(2);
    expect(server.received.join('').match(/POST/g)).toHaveLength(2);
  });
});

it('the basis of these tests: a raw connection to the server works', async () => {
  const server = await bench.serve(answering(okResponse()));
  const socket = connect(server.port, server.host);
  socket.write('x');
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toContain('200 OK');
  socket.destroy();
});

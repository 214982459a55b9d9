import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@action-mesh/testing';
import { post, setUpBench } from './bench.js';
import { answering, okResponse } from './raw-server.js';

const bench = setUpBench();

describe('a response', () => {
  it('has status, headers and body, and the request arrives unchanged', async () => {
    const server = await bench.serve(
      answering(okResponse('fine', 'set-cookie: a=1\r\nset-cookie: b=2\r\nx-one: 1\r\n')),
    );
    const attempt = await post(bench.egress(), `${server.url}a/b?c=d`, {
      headers: { 'x-call': 'h' },
      body: Buffer.from('hi'),
    });
    expect(attempt).toMatchObject({
      kind: 'response',
      status: 200,
      headers: { 'set-cookie': ['a=1', 'b=2'], 'x-one': '1' },
      body: Buffer.from('fine'),
      bodyComplete: true,
      truncated: false,
    });
    expect(server.received[0]).toMatch(/^POST \/a\/b\?c=d HTTP\/1\.1\r\n/);
    expect(server.received[0]).toContain('\r\nx-call: h\r\n');
    expect(server.received[0]).toMatch(/content-length: 2\r\n\r\nhi$/);
  });

  it('keeps its connection for the next request', async () => {
    const server = await bench.serve(answering(okResponse()));
    const egress = bench.egress();
    for (let n = 0; n < 20; n++) await post(egress, server.url);
    // A connection is free again one turn after its response, so two connections alternate.
    expect(server.sockets.length).toBeLessThanOrEqual(2);
  });

  it('is definite even if it redirects: redirects are not followed', async () => {
    const elsewhere = await bench.serve(answering(okResponse()));
    const location = `location: ${elsewhere.url}\r\n`;
    const server = await bench.serve(answering(`HTTP/1.1 302 Found\r\n${location}content-length: 0\r\n\r\n`));
    const attempt = await post(bench.egress(), server.url, { headers: { authorization: 'Bearer x' } });
    expect(attempt).toMatchObject({ kind: 'response', status: 302, headers: { location: elsewhere.url } });
    expect(elsewhere.sockets).toHaveLength(0);
  });

  it('is the one after the informational ones', async () => {
    const server = await bench.serve(
      answering(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${okResponse('final')}`),
    );
    expect(await post(bench.egress(), server.url)).toMatchObject({ status: 200, body: Buffer.from('final') });
  });

  it('ignores proxies from the environment', async () => {
    const server = await bench.serve(answering(okResponse()));
    const proxy = await bench.serve(answering(okResponse('from the proxy')));
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = proxy.url;
    try {
      expect(await post(bench.egress(), server.url)).toMatchObject({ body: Buffer.from('fine') });
      expect(proxy.sockets).toHaveLength(0);
    } finally {
      names.forEach((name, index) => {
        const value = before[index];
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      });
    }
  });
});

describe('a response whose body is not whole is still a response', () => {
  const half = 'HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\nhalf';

  it.each(['destroySoon', 'resetAndDestroy'] as const)('when the connection ends: %s', async (how) => {
    const server = await bench.serve((socket) => {
      socket.on('data', () => socket.write(half, () => socket[how]()));
    });
    const attempt = await post(bench.egress(), server.url);
    expect(attempt).toMatchObject({ kind: 'response', status: 201, bodyComplete: false, truncated: false });
  });

  it('when a chunk is broken', async () => {
    const broken = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\ngood\r\nzz\r\nbad';
    const server = await bench.serve(answering(broken));
    expect(await post(bench.egress(), server.url)).toMatchObject({
      kind: 'response',
      body: Buffer.from('good'),
      bodyComplete: false,
    });
  });

  it('when it drips beyond the deadline', async () => {
    const server = await bench.serve((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n.');
        const drip = setInterval(() => socket.write('.'), 10);
        socket.on('close', () => clearInterval(drip));
      });
    });
    const startedAt = performance.now();
    const attempt = await post(bench.egress(), server.url, { deadlineMs: 150 });
    expect(attempt).toMatchObject({ kind: 'response', status: 200, bodyComplete: false, truncated: false });
    expect(performance.now() - startedAt).toBeLessThan(600);
    await waitFor(() => server.sockets[0]?.destroyed, { what: 'the connection to be closed' });
  });

  it('when nothing more comes for too long', async () => {
    const server = await bench.serve(answering(half));
    const attempt = await post(bench.egress({ bodyIdleTimeoutMs: 50 }), server.url);
    expect(attempt).toMatchObject({ status: 201, body: Buffer.from('half'), bodyComplete: false });
  });

  it('when the signal comes after the head', async () => {
    const server = await bench.serve(answering(half));
    const controller = new AbortController();
    const pending = post(bench.egress(), server.url, { signal: controller.signal });
    await waitFor(() => server.sockets[0]?.bytesWritten === half.length, { what: 'the half response' });
    await delay(20);
    controller.abort();
    expect(await pending).toMatchObject({ kind: 'response', status: 201, bodyComplete: false });
  });

  it('when it is too long: it is cut at the cap', async () => {
    const server = await bench.serve(answering(okResponse('x'.repeat(1_000_000))));
    const attempt = await post(bench.egress(), server.url, { maxResponseBytes: 1000 });
    expect(attempt).toMatchObject({ status: 200, bodyComplete: false, truncated: true });
    expect(attempt.kind === 'response' && attempt.body.length).toBe(1000);
    await waitFor(() => server.sockets[0]?.destroyed, { what: 'the connection to be closed' });
  });

  it('a body of exactly the allowed length is whole', async () => {
    const server = await bench.serve(answering(okResponse('x'.repeat(1000))));
    const attempt = await post(bench.egress(), server.url, { maxResponseBytes: 1000 });
    expect(attempt).toMatchObject({ bodyComplete: true, truncated: false });
  });
});

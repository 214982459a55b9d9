import { waitFor } from '@action-mesh/testing';
import { post, setUpBench } from './bench.js';
import { answering } from './raw-server.js';

const bench = setUpBench();
const silent = (): void => undefined;

describe('the effect of a request is unknown when', () => {
  it('the connection is reset after it was sent', async () => {
    const server = await bench.serve((socket) => socket.on('data', () => socket.resetAndDestroy()));
    expect(await post(bench.egress(), server.url)).toMatchObject({ kind: 'indeterminate', reason: 'reset' });
    expect(server.received[0]).toContain('POST');
  });

  it('the connection closes normally without an answer', async () => {
    const server = await bench.serve((socket) => socket.on('data', () => socket.end()));
    expect(await post(bench.egress(), server.url)).toMatchObject({ kind: 'indeterminate', reason: 'closed' });
  });

  it('the connection ends within the head of the answer', async () => {
    const server = await bench.serve((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nx-a: ')),
    );
    expect(await post(bench.egress(), server.url)).toMatchObject({ kind: 'indeterminate' });
  });

  it('a large request breaks off half way', async () => {
    const server = await bench.serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const attempt = await post(bench.egress(), server.url, { body: Buffer.alloc(20_000_000) });
    expect(attempt).toMatchObject({ kind: 'indeterminate', reason: 'reset' });
  });

  it('the deadline passes after the request was sent', async () => {
    const server = await bench.serve(silent);
    const startedAt = performance.now();
    const attempt = await post(bench.egress(), server.url, { deadlineMs: 80 });
    expect(attempt).toMatchObject({ kind: 'indeterminate', reason: 'timeout', detail: 'deadline' });
    expect(performance.now() - startedAt).toBeLessThan(500);
    await waitFor(() => server.sockets[0]?.readableEnded ?? server.sockets[0]?.destroyed, {
      what: 'the connection to be closed',
    });
  });

  it('the deadline passes while the head drips', async () => {
    const server = await bench.serve((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
        const drip = setInterval(() => socket.write('a'), 10);
        socket.on('close', () => clearInterval(drip));
      });
    });
    const attempt = await post(bench.egress(), server.url, { deadlineMs: 100 });
    expect(attempt).toMatchObject({ kind: 'indeterminate', reason: 'timeout' });
  });

  it('the head takes longer than its timeout', async () => {
    const server = await bench.serve(silent);
    const attempt = await post(bench.egress({ headersTimeoutMs: 50 }), server.url);
    expect(attempt).toMatchObject({
      kind: 'indeterminate',
      reason: 'timeout',
      detail: expect.stringContaining('UND_ERR_HEADERS_TIMEOUT') as unknown,
    });
  });

  it('the signal comes after it was sent', async () => {
    const server = await bench.serve(silent);
    const controller = new AbortController();
    const pending = post(bench.egress(), server.url, { signal: controller.signal });
    await waitFor(() => server.received[0]?.includes('POST'), { what: 'the request' });
    controller.abort();
    expect(await pending).toMatchObject({ kind: 'indeterminate', reason: 'aborted' });
  });

  it('the answer is not HTTP', async () => {
    const server = await bench.serve(answering('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await post(bench.egress(), server.url)).toMatchObject({
      kind: 'indeterminate',
      reason: 'protocol',
    });
  });

  it('the head of the answer has no end', async () => {
    const server = await bench.serve(answering(`HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(100_000)}\r\n\r\n`));
    expect(await post(bench.egress(), server.url)).toMatchObject({
      kind: 'indeterminate',
      reason: 'protocol',
    });
  });
});

it('sends a request of any method only once', async () => {
  const server = await bench.serve((socket) => socket.on('data', () => socket.resetAndDestroy()));
  const egress = bench.egress();
  for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
    const before = server.sockets.length;
    await egress.request({ method, url: server.url, deadlineMs: 2000, maxResponseBytes: 1000 });
    expect(server.sockets.length - before).toBe(1);
  }
});

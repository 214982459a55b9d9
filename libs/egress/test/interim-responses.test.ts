import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';

import { post, setUpBench } from './bench.js';
import { answering, certificate, okResponse } from './raw-server.js';

const bench = setUpBench();
const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n';
const processing = 'HTTP/1.1 102 Processing\r\n\r\n';

/** Sends the answer in pieces of so many bytes, each in a packet of its own. */
function dripping(answer: string, size: number): (socket: Socket) => void {
  return (socket) => {
    socket.setNoDelay(true);
    socket.on('data', () => {
      void (async () => {
        for (let at = 0; at < answer.length; at += size) {
          socket.write(answer.slice(at, at + size));
          await delay(1);
        }
      })();
    });
  };
}

describe('informational responses before the answer are skipped', () => {
  it.each([
    ['100 Continue', goOn],
    ['several of them', goOn + goOn + goOn],
    ['100 with headers and without a reason', 'HTTP/1.1 100 \r\nserver: x\r\nx-a: 100\r\n\r\n'],
    ['100 of HTTP/1.0', 'HTTP/1.0 100 Continue\r\n\r\n'],
    ['100, 102 and 103 in turn', goOn + processing + hints + goOn],
    ['a status that is not registered', 'HTTP/1.1 199 Odd\r\n\r\n'],
  ])('%s (I2)', async (_, interim) => {
    const server = await bench.serve(answering(interim + okResponse('done')));
    const attempt = await post(bench.egress(), server.url, { body: Buffer.from('{}') });
    expect(attempt).toMatchObject({ kind: 'response', status: 200, body: Buffer.from('done') });
    expect(server.sockets).toHaveLength(1);
  });

  it.each([1, 2, 3, 7, 26])('in pieces of %i bytes', async (size) => {
    const server = await bench.serve(dripping(goOn + hints + okResponse('done'), size));
    expect(await post(bench.egress(), server.url)).toMatchObject({ status: 200, body: Buffer.from('done') });
  });

  it('with a long answer in the same packet, which may itself hold such a head', async () => {
    const body = `${goOn}${'x'.repeat(200_000)}${goOn}`;
    const server = await bench.serve(answering(goOn + okResponse(body)));
    const attempt = await post(bench.egress(), server.url, { maxResponseBytes: 1_000_000 });
    expect(attempt).toMatchObject({ status: 200, body: Buffer.from(body), bodyComplete: true });
  });

  it('on a kept connection, before each of its answers', async () => {
    const server = await bench.serve(answering(goOn + okResponse()));
    const egress = bench.egress();
    for (let n = 0; n < 10; n++) expect(await post(egress, server.url)).toMatchObject({ status: 200 });
    expect(server.sockets.length).toBeLessThanOrEqual(2);
  });

  it('over TLS', async () => {
    const server = await bench.serve(answering(goOn + okResponse('done')), { tls: true });
    const egress = bench.egress({ ca: certificate() });
    const attempt = await post(egress, `https://127.0.0.1:${server.port}/`);
    expect(attempt).toMatchObject({ status: 200, body: Buffer.from('done') });
  });
});

describe('the effect of a request is unknown when', () => {
  it.each([
    ['only an informational response comes', goOn],
    ['only the beginning of one comes', 'HTTP/1.1 10'],
    [
      'an informational response comes, and the following bytes are not HTTP',
      `${goOn}oops, no HTTP at all\r\n\r\n`,
    ],
    [
      'the protocol is switched unasked',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    ],
    [
      'the protocol is switched, and an answer follows',
      `HTTP/1.1 101 Switching Protocols\r\n\r\n${okResponse()}`,
    ],
    ['the status line has no number', 'HTTP/1.1 OK\r\n\r\n'],
    ['the status has four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
    ['the status has two digits', 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'],
    ['the answer is of another protocol', 'SSH-2.0-x\r\n'],
    ['the answer is of HTTP/0.9', '<html>fine</html>'],
  ])('%s', async (_, answer) => {
    const server = await bench.serve((socket) => {
      socket.on('data', () => socket.end(answer));
    });
    expect(await post(bench.egress(), server.url)).toMatchObject({ kind: 'indeterminate' });
  });

  it('informational responses never end', async () => {
    const server = await bench.serve((socket) => {
      const more = (): void => {
        if (socket.writable) socket.write(goOn.repeat(100), more);
      };
      socket.once('data', more);
    });
    const attempt = await post(bench.egress(), server.url, { deadlineMs: 5_000 });
    expect(attempt).toMatchObject({ kind: 'indeterminate' });
    expect(attempt.kind === 'indeterminate' && attempt.durationMs).toBeLessThan(4_000);
  });

  it('an informational head never ends', async () => {
    const server = await bench.serve((socket) => {
      const more = (): void => {
        if (socket.writable) socket.write('x'.repeat(10_000), more);
      };
      socket.once('data', () => socket.write('HTTP/1.1 100 ', more));
    });
    const attempt = await post(bench.egress(), server.url, { deadlineMs: 5_000 });
    expect(attempt).toMatchObject({ kind: 'indeterminate' });
    expect(attempt.kind === 'indeterminate' && attempt.durationMs).toBeLessThan(4_000);
  });
});

describe('an answer before the end of the request', () => {
  it('is the answer', async () => {
    const server = await bench.serve((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.end(`HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno`);
      });
    });
    const attempt = await post(bench.egress(), server.url, { body: Buffer.alloc(20_000_000) });
    expect(attempt).toMatchObject({ kind: 'response', status: 413 });
  });
});

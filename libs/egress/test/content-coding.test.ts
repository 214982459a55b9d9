import { promisify } from 'node:util';
import zlib from 'node:zlib';

import { post, setUpBench } from './bench.js';

const bench = setUpBench();
const json = JSON.stringify({ ok: false, word: 'ä€😀', more: 'x'.repeat(2_000) });
const deflated = zlib.deflateSync(json);

async function answered(body: Buffer, headers: string, maxResponseBytes = 100_000) {
  const server = await bench.serve((socket) => {
    socket.on('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
  });
  return post(bench.egress(), server.url, { maxResponseBytes });
}

describe('a coded body is decoded', () => {
  it.each<[string, Buffer, string]>([
    ['gzip', zlib.gzipSync(json), 'gzip'],
    ['gzip by its old name, in capitals', zlib.gzipSync(json), ' X-GZIP '],
    [
      'gzip in two members',
      Buffer.concat([json.slice(0, 9), json.slice(9)].map((part) => zlib.gzipSync(part))),
      'gzip',
    ],
    [
      'gzip with further bytes behind it',
      Buffer.concat([zlib.gzipSync(json), Buffer.from('\0\0trailing')]),
      'gzip',
    ],
    ['deflate with its frame', deflated, 'deflate'],
    ['deflate without its frame', zlib.deflateRawSync(json), 'deflate'],
    ['brotli', zlib.brotliCompressSync(json), 'br'],
    ['one coding after another', zlib.brotliCompressSync(zlib.gzipSync(json)), 'gzip, br'],
    ['no coding by name', Buffer.from(json), 'identity'],
  ])('%s', async (_, body, coding) => {
    const attempt = await answered(body, `content-encoding: ${coding}\r\n`);
    expect(attempt).toMatchObject({ kind: 'response', bodyComplete: true, truncated: false });
    expect(attempt.kind === 'response' && attempt.body.toString()).toBe(json);
    expect(attempt).not.toHaveProperty('undecoded');
  });

  it('from several header lines, in their order', async () => {
    const body = zlib.gzipSync(zlib.deflateSync(json));
    const attempt = await answered(body, 'content-encoding: deflate\r\ncontent-encoding: gzip\r\n');
    expect(attempt.kind === 'response' && attempt.body.toString()).toBe(json);
  });

  it('as a transfer coding', async () => {
    const body = zlib.gzipSync(json);
    const server = await bench.serve((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n');
        socket.write(`${body.length.toString(16)}\r\n`);
        socket.write(Buffer.concat([body, Buffer.from('\r\n0\r\n\r\n')]));
      });
    });
    const attempt = await post(bench.egress(), server.url);
    expect(attempt.kind === 'response' && attempt.body.toString()).toBe(json);
  });

  it('from zstd if this Node has it, else it is marked as undecoded', async () => {
    const compress: unknown = Reflect.get(zlib, 'zstdCompress');
    const has = typeof compress === 'function';
    const body = has ? await promisify(compress as typeof zlib.gzip)(json) : Buffer.from('(zstd');
    const attempt = await answered(body, 'content-encoding: zstd\r\n');
    if (attempt.kind !== 'response') throw new Error('no response');
    expect(attempt.body.toString()).toBe(has ? json : '(zstd');
    expect(attempt.undecoded).toBe(has ? undefined : 'zstd');
  });

  it('to nothing from an empty body', async () => {
    const attempt = await answered(Buffer.alloc(0), 'content-encoding: gzip\r\n');
    expect(attempt).toMatchObject({ body: Buffer.alloc(0), bodyComplete: true });
  });
});

describe('a coded body that is not whole is reported as incomplete', () => {
  it.each<[string, Buffer, string]>([
    ['gzip that ends early', zlib.gzipSync(json).subarray(0, -9), 'gzip'],
    ['gzip with a wrong checksum', withByte(zlib.gzipSync(json), -8), 'gzip'],
    ['a body that is not gzip', Buffer.from(json), 'gzip'],
    ['deflate that ends early', deflated.subarray(0, -5), 'deflate'],
    ['a body that is not deflate', Buffer.from(json), 'deflate'],
    ['brotli that ends early', zlib.brotliCompressSync(json).subarray(0, -3), 'br'],
    ['a wrong inner coding', zlib.gzipSync(json), 'br, gzip'],
  ])('%s', async (_, body, coding) => {
    const attempt = await answered(body, `content-encoding: ${coding}\r\n`);
    expect(attempt).toMatchObject({ kind: 'response', status: 200, bodyComplete: false, truncated: false });
    expect(attempt.kind === 'response' && attempt.body.length).toBe(0);
  });

  it.each([
    ['compress', 'compress'],
    ['gzip, aes128gcm', 'gzip, aes128gcm'],
    ['gzip, gzip, gzip, gzip', 'gzip, gzip, gzip, gzip'],
  ])('%s is not decoded: the bytes are unchanged', async (coding, undecoded) => {
    const body = zlib.gzipSync(json);
    const attempt = await answered(body, `content-encoding: ${coding}\r\n`);
    expect(attempt).toMatchObject({ body, bodyComplete: true, undecoded });
  });
});

describe('a decoded body is bounded (I12)', () => {
  const megabytes = Buffer.alloc(20_000_000);
  it.each<[string, Buffer, string]>([
    ['gzip', zlib.gzipSync(megabytes), 'gzip'],
    ['deflate', zlib.deflateRawSync(megabytes), 'deflate'],
    ['brotli', zlib.brotliCompressSync(megabytes), 'br'],
    ['a coding within another', zlib.gzipSync(zlib.gzipSync(megabytes)), 'gzip, gzip'],
    [
      'nothing, after much',
      zlib.gzipSync(Buffer.concat(Array<Buffer>(50_000).fill(zlib.gzipSync('')))),
      'gzip, gzip',
    ],
  ])('%s', async (_, body, coding) => {
    const attempt = await answered(body, `content-encoding: ${coding}\r\n`);
    expect(attempt).toMatchObject({ kind: 'response', status: 200, bodyComplete: false, truncated: true });
    expect(attempt.kind === 'response' && attempt.body.length).toBe(0);
  });

  it('a decoded body may be exactly as long as the bound', async () => {
    const body = zlib.gzipSync('x'.repeat(1_000));
    const attempt = await answered(body, 'content-encoding: gzip\r\n', 1_000);
    expect(attempt).toMatchObject({ bodyComplete: true, body: Buffer.from('x'.repeat(1_000)) });
  });
});

function withByte(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  const index = changed.length + at;
  changed[index] = (changed[index] ?? 0) ^ 0xff;
  return changed;
}

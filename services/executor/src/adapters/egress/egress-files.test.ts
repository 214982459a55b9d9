import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { Egress } from '@action-mesh/egress';

import type { Fetched } from '../../application/files.port.js';
import { EgressFiles } from './egress-files.js';

const png = Buffer.from([0x89, 0x50, 0, 255]);
const bomb = gzipSync(Buffer.alloc(100_000));
let server: Server;
let origin: string;
let egress: Egress;
const paths: string[] = [];

const answers: Record<string, RequestListener> = {
  '/a%20b.png': (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(png),
  '/typeless': (_, response) =>
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(png),
  '/bad-type': (_, response) => response.writeHead(200, { 'content-type': 'no type' }).end(png),
  '/moved': (_, response) => response.writeHead(302, { location: '/a%20b.png#x' }).end(),
  '/private': (_, response) => response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end(),
  '/metadata': (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
  '/script': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/nowhere': (_, response) => response.writeHead(302).end(),
  '/loop': (_, response) => response.writeHead(301, { location: '/loop' }).end(),
  '/large': (_, response) => response.writeHead(200).end(Buffer.alloc(2_000)),
  '/bomb': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  '/endless': (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(400)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
  '/stalled': (_, response) => response.writeHead(200, { 'content-length': '9' }).write('a'),
  '/broken': (_, response) => {
    response.writeHead(200, { 'content-length': '9' }).write('a', () => response.destroy());
  },
  '/503': (_, response) => response.writeHead(503).end(),
  '/429': (_, response) => response.writeHead(429).end(),
  '/404': (_, response) => response.writeHead(404).end(),
  '/206': (_, response) => response.writeHead(206).end('part'),
};
beforeAll(async () => {
  server = createServer((request, response) => {
    paths.push(request.url ?? '');
    const answer = answers[(request.url ?? '').replace(/\?.*/, '')];
    if (answer === undefined) request.socket.destroy();
    else answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  egress = new Egress({ allow: [`127.0.0.1:${port}`] });
});

afterAll(async () => {
  await egress.close();
  server.closeAllConnections();
  server.close();
});

function fetchFile(url: string, deadlineMs = 5_000): Promise<Fetched> {
  const { signal } = new AbortController();
  return new EgressFiles(egress).fetch(url, { maxBytes: 1_000, deadlineMs, signal });
}

async function problemOf(path: string, deadlineMs?: number): Promise<unknown[]> {
  const fetched = await fetchFile(path.includes(':') ? path : `${origin}${path}`, deadlineMs);
  return 'failure' in fetched ? [fetched.failure.code, fetched.mayPass, fetched.failure.message] : ['none'];
}

describe('a file by URL', () => {
  it('returns the bytes, the type of the answer and the name in the path', async () => {
    expect(await fetchFile(`${origin}/a%20b.png?sig=secret`)).toEqual({
      content: { bytes: png, contentType: 'image/png', filename: 'a b.png' },
    });
    expect(await fetchFile(`${origin}/typeless`)).toEqual({ content: { bytes: png, filename: 'typeless' } });
    expect(await fetchFile(`${origin}/bad-type`)).toEqual({ content: { bytes: png, filename: 'bad-type' } });
    expect(await fetchFile(`${origin}/moved`)).toEqual({
      content: { bytes: png, contentType: 'image/png', filename: 'moved' },
    });
  });

  it.each([
    'http://10.0.0.1/',
    'http://127.0.0.1:1/',
    'http://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/',
    'file:///etc/passwd',
    'https://user:pass@files.test/',
    'not a url',
  ])('is refused for an address that is not allowed: %s', async (url) => {
    const message = 'the destination or the request is not allowed by the egress policy';
    const fetched = await fetchFile(url);
    expect(fetched).toMatchObject({ failure: { code: 'file_not_fetched', message }, mayPass: false });
  });

  it.each(['/private', '/metadata', '/script'])(
    'is refused when its URL redirects to an address that is not allowed: %s',
    async (path) => {
      const fetched = await fetchFile(`${origin}${path}`);
      expect(fetched).toMatchObject({ failure: { code: 'file_not_fetched' }, mayPass: false });
      expect(JSON.stringify(fetched)).not.toMatch(/10\.0\.0\.1|169\.254|passwd/);
    },
  );

  it.each([
    ['/nowhere', false, 'its URL redirects to no other URL'],
    ['/loop', false, 'its URL redirects more than 5 times'],
    ['/404', false, 'its server answered 404'],
    ['/206', false, 'its server answered 206'],
    ['/503', true, 'its server answered 503'],
    ['/429', true, 'its server answered 429'],
    ['/broken', true, 'its answer broke off'],
    ['/unknown', true, 'its server gave no answer'],
  ])('fails when %s, which may pass: %s', async (path, mayPass, message) => {
    expect(await problemOf(path)).toEqual(['file_not_fetched', mayPass, message]);
  });

  it.each(['/large', '/endless', '/bomb'])('is cut and refused beyond its bound (I12): %s', async (path) => {
    expect(await problemOf(path)).toEqual([
      'file_too_large',
      false,
      'it has more than the 1000 bytes that are left',
    ]);
  });

  it('ends with its deadline, however slow the answer is', async () => {
    expect((await problemOf('/stalled', 200)).slice(0, 2)).toEqual(['file_not_fetched', true]);
  });

  it('is requested six times when it redirects without end', async () => {
    paths.length = 0;
    await problemOf('/loop');
    expect(paths).toHaveLength(6);
  });
});

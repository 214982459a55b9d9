import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Egress } from '@action-mesh/egress';
import { compileBinding, defineTool, type HttpDefinition } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

import { intentOf } from '../../application/intent.js';
import { EgressProvider } from './egress-provider.js';

interface Received {
  readonly type: string | undefined;
  readonly length: string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

async function received(
  http: HttpDefinition<object>,
  args: Readonly<Record<string, unknown>>,
): Promise<Received> {
  let seen: Received | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': type, 'content-length': length } = request.headers;
      seen = { type, length, body: new Uint8Array(Buffer.concat(chunks)) };
      response.end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await using egress = new Egress({ allow: [`127.0.0.1:${port}`] });
  try {
    const properties = Object.fromEntries(Object.keys(args).map((name) => [name, {}]));
    const compiled = compileTool(
      defineTool({
        slug: 'acme_upload',
        version: '1.0.0',
        provider: { slug: 'acme', baseUrl: `http://127.0.0.1:${port}` },
        description: 'Takes a file.',
        input: { type: 'object', properties },
        http,
      }),
    );
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const request = compileBinding(compiled.tool)(args);
    const { evidence } = await new EgressProvider(egress).send(request, {
      provider: 'acme',
      maxResponseBytes: 1_000,
      deadlineMs: 10_000,
      signal: new AbortController().signal,
      mode: 'live' as const,
      mayStart: () => true,
    });
    expect(evidence).toMatchObject({ kind: 'answered', status: 200 });
  } finally {
    server.close();
  }
  if (seen === undefined) throw new Error('nothing arrived');
  return seen;
}

const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 200]);
const file = { base64: bytes.toString('base64'), filename: 'a".png', content_type: 'image/png' };

describe('an upload', () => {
  it('in a form with parts arrives in the form that a server reads', async () => {
    const body = { encoding: 'multipart', files: { photo: 'application/octet-stream' } } as const;
    const seen = await received({ method: 'POST', path: '/f', body }, { photo: file, title: 'Ä' });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- of a server's own stream; these bytes have arrived
    const form = await new Response(seen.body, { headers: { 'content-type': seen.type ?? '' } }).formData();
    const photo = form.get('photo');
    if (!(photo instanceof File)) throw new Error('no file');
    expect(Buffer.from(await photo.arrayBuffer())).toEqual(bytes);
    expect(photo.type).toBe('image/png');
    expect(form.get('title')).toBe('Ä');
    expect(seen.length).toBe(String(seen.body.length));
  });

  it('of bytes arrives unchanged', async () => {
    const body = { encoding: 'bytes', argument: 'body' } as const;
    const seen = await received({ method: 'PUT', path: '/f', body }, { body: file });
    expect(Buffer.from(seen.body)).toEqual(bytes);
    expect(seen.type).toBe('image/png');
  });

  it('has a digest of its bytes in the intent (I3)', () => {
    const digest = (body: Buffer | string) =>
      intentOf({ method: 'POST', url: 'https://a.test/', headers: {}, body }, 'key').digest.toString('hex');
    expect(digest(Buffer.from([1]))).not.toBe(digest(Buffer.from([2])));
    expect(digest(Buffer.from([1]))).toBe(digest(Buffer.from([1])));
    expect(digest(bytes)).not.toBe(digest(bytes.toString('latin1')));
  });
});

import type { ImportedToolkit } from '@action-mesh/contracts/catalog';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ImportResult } from '@action-mesh/openapi';

import type { CatalogAnswer } from './catalog-answer.js';
import { storeTools } from './tool-storage.js';

const kept: ImportedToolkit = {
  toolkit: 'acme',
  release: '2026-11-25',
  isNew: true,
  tools: 1,
  differences: [{ slug: 'acme_a', is: '1.0.0', kind: 'compatible', changes: [] }],
  conflicts: [],
  refused: [{ slug: 'acme_b', problems: [{ pointer: '/slug', message: 'is there twice' }] }],
  published: true,
};
const result = { tools: [], report: { toolkit: 'acme' } } as unknown as ImportResult;
const apiKey = 'mesh_dev_key';
const source = { document: 'spec.json', title: 'Acme', digest: '', select: [] };

async function listening(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Sends tools to a server that gives this answer. */
async function storeAt(answer: RequestListener, timeoutMs?: number): Promise<CatalogAnswer> {
  const { url, close } = await listening(answer);
  try {
    return await storeTools({ url, apiKey }, result, source, timeoutMs);
  } finally {
    await close();
  }
}

const answering =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { location: '/elsewhere' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const mayHaveTaken =
  /may have taken the tools\. Run the import again: it is safe, because a tool that did not change gets no new version$/;

describe('tools on their way to the catalog', () => {
  it("are taken if a newer catalog's answer has unknown members", async () => {
    const asked: unknown[] = [];
    const answer = await storeAt((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`, request.headers.authorization);
      answering(201, { ...kept, more: 1 })(request, response);
    });
    expect(asked).toEqual(['PUT /v1/toolkits/acme', `Bearer ${apiKey}`]);
    expect(answer).toMatchObject(kept);
  });

  it.each([
    ['no JSON', 200, 'hello'],
    ['nothing', 201, ''],
    ['null', 200, 'null'],
    ['a redirect', 302, ''],
    ['a page that is not there', 404, '<html>'],
    ['the 404 of another service', 404, { statusCode: 404, message: 'Cannot POST /x', error: 'Not Found' }],
  ])('meet no gateway if the answer is %s', async (_, status, body) => {
    await expect(storeAt(answering(status, body))).rejects.toThrow(
      'the server at GATEWAY_URL is not a gateway',
    );
  });

  it('are taken by a catalog that knows further kinds of changes', async () => {
    const change = { kind: 'cosmetic', pointer: '', message: 'is nicer' };
    const difference = { slug: 'acme_a', is: '1.0.1', kind: 'cosmetic', changes: [change] };
    await expect(storeAt(answering(200, { ...kept, differences: [difference] }))).resolves.toMatchObject({
      differences: [difference],
    });
  });

  it.each([
    ['is another than this version knows', 200, { ok: true }],
    ['lacks something', 201, { ...kept, differences: [{ slug: 'acme_a' }] }],
    ['was cut off', 200, '{"toolkit":"acme","rele'],
  ])('may be taken when the answer %s', async (_, status, body) => {
    const stored = storeAt(answering(status, body));
    await expect(stored).rejects.toThrow('sent an answer that this version cannot read');
    await expect(stored).rejects.toThrow(mayHaveTaken);
  });

  it('are refused with all reasons', async () => {
    const problems = [{ pointer: '/tools/0/slug', message: 'is bad' }];
    const body = { code: 'x', detail: 'None can be taken.', fix: 'Correct them.', errors: problems };
    await expect(storeAt(answering(422, body))).rejects.toMatchObject({
      message: 'the mesh did not take the tools: None can be taken. Correct them. (status 422)',
      problems,
    });
  });

  it('are not sent if nothing listens, and the error names the cause', async () => {
    const { url, close } = await listening(answering(200, kept));
    await close();
    await expect(storeTools({ url, apiKey }, result, source)).rejects.toThrow(
      /does not answer \(connect ECONNREFUSED 127\.0\.0\.1:\d+\): start it \(npm start prints its address\), or add --dry-run$/,
    );
  });

  it.each<[string, RequestListener]>([
    ['before it', () => undefined],
    ['amid it', (_, response) => void response.write('{"toolkit"')],
  ])('may be taken when the time for an answer is over %s', async (_, answer) => {
    const stored = storeAt(answer, 100);
    await expect(stored).rejects.toThrow('did not answer within 0.1 s');
    await expect(stored).rejects.toThrow(mayHaveTaken);
  });

  it('may be taken when the connection breaks, and the error names the cause', async () => {
    const stored = storeAt((request) => request.socket.destroy());
    await expect(stored).rejects.toThrow('broke off before its answer was whole (other side closed)');
    await expect(stored).rejects.toThrow(mayHaveTaken);
  });

  it('may be taken when the catalog fails', async () => {
    await expect(storeAt(answering(502, '<html>'))).rejects.toThrow(mayHaveTaken);
  });
});

import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Egress, type Attempt, type EgressRequest } from '@action-mesh/egress';
import { MeshError } from '@action-mesh/kernel';

import { fetchDocument, readDocumentFile } from './document-source.js';
import { isUrl } from './shown-text.js';

const response = (status: number, body = '', more: object = {}): Attempt => ({
  kind: 'response',
  status,
  headers: {},
  body: Buffer.from(body),
  bodyComplete: true,
  truncated: false,
  durationMs: 1,
  ...more,
});

const secret = 'https://user:secret@a.test/spec?token=secret';
const unanswered = {
  code: 'EGRESS_DENIED_USERINFO',
  message: 'no',
  detail: 'none',
  retryable: false,
  durationMs: 1,
};

/** Serves the given answer at each address. */
function web(answers: Readonly<Record<string, Attempt>>) {
  const asked: string[] = [];
  const fetch = ({ url }: EgressRequest): Promise<Attempt> => {
    asked.push(url);
    return Promise.resolve(answers[url] ?? response(404));
  };
  return { asked, fetch };
}

describe('a document at an address', () => {
  it('is returned as text with its final address', async () => {
    const { fetch, asked } = web({
      'https://a.test/spec': response(302, '', { headers: { location: '/v2/spec' } }),
      'https://a.test/v2/spec': response(200, '{}'),
    });
    expect(await fetchDocument('https://a.test/spec', fetch)).toEqual({
      text: '{}',
      url: 'https://a.test/v2/spec',
    });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['answers with status 500', response(500)],
    ['50 MB is the most', response(200, '{', { truncated: true })],
    ['broke off', response(200, '{', { bodyComplete: false })],
    ['not UTF-8', response(200, '', { body: Buffer.from([0xff, 0xfe]) })],
    ['redirect to nowhere', response(301)],
    ['more than 5 redirects', response(301, '', { headers: { location: 'https://a.test/spec' } })],
  ])('is refused when it %s', async (message, answer) => {
    await expect(
      fetchDocument('https://a.test/spec', web({ 'https://a.test/spec': answer }).fetch),
    ).rejects.toThrow(message);
  });

  it.each([
    ['answers with status 500', response(500)],
    ['is larger', response(200, '{', { truncated: true })],
    ['broke off', response(200, '{', { bodyComplete: false })],
    ['is not UTF-8', response(200, '', { body: Buffer.from([0xff, 0xfe]) })],
    ['is empty', response(200, ' \n')],
    ['redirect to nowhere', response(301)],
    ['5 redirects', response(301, '', { headers: { location: secret } })],
    ['is not fetched', { kind: 'not_sent', reason: 'denied', ...unanswered }],
    ['cannot be fetched', { kind: 'indeterminate', reason: 'reset', ...unanswered }],
  ] as [string, Attempt][])(
    'shows no secret of its address when it says that it %s',
    async (message, answer) => {
      const error: unknown = await fetchDocument(secret, web({ [secret]: answer }).fetch).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(MeshError);
      expect(String(error)).toContain('https://a.test/spec');
      expect(String(error)).toContain(message);
      expect(String(error)).not.toContain('secret');
    },
  );

  it.each([
    'http://127.0.0.1:9/spec',
    'http://169.254.169.254/latest/meta-data',
    'https://localhost/spec',
    'http://[::1]/',
  ])('at %s is behind the guard and is not requested', async (address) => {
    await using egress = new Egress();
    await expect(fetchDocument(address, (request) => egress.request(request))).rejects.toThrow(
      'is not fetched',
    );
  });

  it('stays behind the guard when a redirect leads to it', async () => {
    await using egress = new Egress();
    const fetch = (request: EgressRequest): Promise<Attempt> =>
      request.url.startsWith('https://a.test/')
        ? Promise.resolve(response(302, '', { headers: { location: 'http://127.0.0.1/secret' } }))
        : egress.request(request);
    await expect(fetchDocument('https://a.test/spec', fetch)).rejects.toThrow(
      'http://127.0.0.1/secret is not fetched',
    );
  });
});

describe('a document in a file', () => {
  it('is read, and is refused by its size before it is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    try {
      const path = join(folder, 'spec.json');
      await writeFile(path, '{}');
      expect(await readDocumentFile(path)).toEqual({ text: '{}' });
      await truncate(path, 51 * 1024 * 1024);
      await expect(readDocumentFile(path)).rejects.toThrow('has 51 MB, and 50 MB is the most');
      const absent = join(folder, 'none');
      await expect(readDocumentFile(absent)).rejects.toThrow(`${absent} cannot be read: there is no such`);
      await expect(readDocumentFile(folder)).rejects.toThrow(`${folder} cannot be read: it is a folder`);
      await expect(readDocumentFile(join(path, 'below'))).rejects.toThrow('cannot be read: there is no such');
      await writeFile(path, '\n');
      await expect(readDocumentFile(path)).rejects.toThrow(`${path} is empty`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is named without credentials when it is an address of another kind', async () => {
    const read = readDocumentFile('ftp://user:secret@a.test/spec?token=secret');
    await expect(read).rejects.toThrow('ftp://a.test/spec cannot be read');
  });

  it('is distinguished from an address', () => {
    expect(['https://a.test/x', 'HTTP://a.test', './x.json', 'http.json', 'C:/x'].map(isUrl)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

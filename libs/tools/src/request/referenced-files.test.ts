import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';

import { ArgumentValidator } from '../validate/argument-validator.js';
import { ToolRequestError } from '../tools.errors.js';
import { buildRequest, type BindableTool } from './binding.js';
import { fileSchema } from './file-argument.js';
import { referencedFiles, withFiles } from './referenced-files.js';

type Body = NonNullable<BindableTool['http']['body']>;

function tool(body?: Body): BindableTool {
  return {
    provider: { slug: 'acme', base_url: 'https://api.acme.test' },
    input: { type: 'object', properties: { file: {}, body: {}, title: {} } },
    http: {
      method: 'POST',
      path: '/files',
      parameters: [],
      headers: {},
      ...defined({ body }),
    },
  };
}

const multipart = tool({ encoding: 'multipart', files: { file: 'image/png' } });
const whole = tool({ encoding: 'multipart', argument: 'body', files: { file: 'image/png' } });
const bytes = tool({ encoding: 'bytes', argument: 'body' });
const url = 'https://files.test/a.png';
const id = '01890a5d-ac96-774b-bcce-b302099a8057';

function refusal(file: unknown): string {
  try {
    return JSON.stringify(referencedFiles(multipart, { file }));
  } catch (error) {
    if (error instanceof ToolRequestError) return `${error.code} ${error.argument}`;
    throw error;
  }
}

describe('referenced files', () => {
  it('are found in a part, in each item of a list, in the members of a whole body, and in a body of bytes', () => {
    const reference = { kind: 'url', url };
    const found = [{ argument: 'file', reference }];
    expect(referencedFiles(multipart, { title: 'x', file: { url } })).toEqual(found);
    expect(referencedFiles(multipart, { file: [{ base64: '' }, { url }, { url }] })).toEqual([
      ...found,
      ...found,
    ]);
    expect(referencedFiles(whole, { body: { file: { url } } })).toEqual([{ argument: 'body', reference }]);
    expect(referencedFiles(bytes, { body: { result: { call_id: id, pointer: '/a' } } })).toEqual([
      {
        argument: 'body',
        reference: { kind: 'result', callId: id, pointer: '/a', encoding: 'text' },
      },
    ]);
  });

  it('are found only in the place of a file: an object with a URL elsewhere stays unchanged', () => {
    expect(referencedFiles(multipart, { title: { url } })).toEqual([]);
    expect(referencedFiles(tool(), { file: { url } })).toEqual([]);
    expect(referencedFiles(bytes, { body: 'text' })).toEqual([]);
    expect(referencedFiles(multipart, { file: { base64: 'YQ==' } })).toEqual([]);
  });

  it.each([
    ['two sources', { url, base64: 'YQ==' }],
    ['none', {}],
    ['a URL that is no text', { url: 7 }],
    ['a pointer that is none', { result: { call_id: id, pointer: 'a' } }],
    ['an unknown encoding', { result: { call_id: id, encoding: 'hex' } }],
    ['a result without a call', { result: {} }],
    ['a type that ends its line', { url, content_type: 'text/plain\r\nx: y' }],
  ])('are refused with %s', (_, file) => {
    expect(refusal(file)).toBe('TOOL_ARGUMENT_FILE file');
  });

  it('are at most sixteen in a call (I12)', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ url }));
    expect(referencedFiles(multipart, { file: many(16) })).toHaveLength(16);
    expect(refusal(many(17))).toBe('TOOL_FILES_MANY file');
  });

  it('are sent as the received bytes, with the given name and type before those of the source', () => {
    const args = { file: [{ url, filename: 'given.gif' }, { url, content_type: 'text/csv' }, { url }] };
    const content = { bytes: Buffer.from([0, 255]), contentType: 'image/gif', filename: 'source.png' };
    const bare = { bytes: Buffer.from('x') };
    const request = buildRequest(multipart, withFiles(multipart, args, [content, content, bare]));
    const heads = Buffer.from(request.body ?? '')
      .toString('latin1')
      .match(/filename=.*|content-type: .*/g);
    expect(heads?.map((head) => head.trim())).toEqual([
      'filename="given.gif"',
      'content-type: image/gif',
      'filename="source.png"',
      'content-type: text/csv',
      'filename="file"',
      'content-type: image/png',
    ]);
    expect(withFiles(multipart, args, [content, content, bare])).not.toBe(args);
    expect(args.file[0]).toEqual({ url, filename: 'given.gif' });
  });

  it('make the same bytes as the same content in base64', () => {
    const content = Buffer.from([1, 2, 3]);
    const loaded = withFiles(multipart, { file: { url } }, [{ bytes: content }]);
    expect(buildRequest(multipart, loaded)).toEqual(
      buildRequest(multipart, { file: { base64: content.toString('base64') } }),
    );
    const body = buildRequest(bytes, withFiles(bytes, { body: { url } }, [{ bytes: content }])).body;
    expect(body).toEqual(content);
  });

  it('make no request before they are loaded', () => {
    expect(() => buildRequest(multipart, { file: { url } })).toThrow(ToolRequestError);
  });
});

describe('the schema of a file', () => {
  const validator = new ArgumentValidator({
    input: {
      type: 'object',
      properties: { file: fileSchema as object },
      additionalProperties: false,
    } as Tool['input'],
  });

  it.each([
    [{ base64: 'YQ==' }, true],
    [{ url, filename: 'a', content_type: 'image/png' }, true],
    [{ result: { call_id: id } }, true],
    [{ result: { call_id: id, pointer: '/a', encoding: 'base64' } }, true],
    [{ url, base64: 'YQ==' }, false],
    [{ filename: 'a' }, false],
    [{ result: {} }, false],
    [{ url: '' }, false],
  ])('takes exactly one source: %j', (file, ok) => {
    expect(validator.validate({ file }).ok).toBe(ok);
  });
});

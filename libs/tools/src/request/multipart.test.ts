import fc from 'fast-check';
import { processorMsSince } from '@action-mesh/testing';

import { ToolRequestError } from '../tools.errors.js';
import { buildRequest, type BindableTool } from './binding.js';

type Body = NonNullable<BindableTool['http']['body']>;

function tool(body: Body, properties: readonly string[]): BindableTool {
  return {
    provider: { slug: 'acme', base_url: 'https://api.acme.test' },
    input: { type: 'object', properties: Object.fromEntries(properties.map((name) => [name, {}])) },
    http: { method: 'POST', path: '/files', parameters: [], headers: {}, body },
  };
}

const upload = tool({ encoding: 'multipart', files: { file: 'image/png' } }, ['file', 'title']);

/** Reads a body with the parser of the platform. */
async function parsed(args: Readonly<Record<string, unknown>>, of = upload) {
  const { body, headers } = buildRequest(of, args);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- of a server's own stream; these are a test's own bytes
  const form = await new Response(new Uint8Array(Buffer.from(body ?? '')), { headers }).formData();
  return await Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : [name, value.name, value.type, Buffer.from(await value.arrayBuffer()).toString('base64')],
    ),
  );
}

function refusal(args: Readonly<Record<string, unknown>>, of = upload): string {
  try {
    buildRequest(of, args);
  } catch (error) {
    if (error instanceof ToolRequestError) return `${error.code} ${error.argument}`;
    throw error;
  }
  return 'not refused';
}

describe('a form with parts', () => {
  it('holds files with their names and types, texts, JSON, and a part for each item of a list', async () => {
    const args = {
      title: 'Ä',
      file: [{ base64: 'AAH/', filename: 'a.jpg', content_type: 'image/jpeg' }, { base64: '' }],
      tags: ['x', 2],
      meta: { a: [1] },
      none: null,
      empty: [],
    };
    expect(await parsed(args)).toEqual([
      ['title', 'Ä'],
      ['file', 'a.jpg', 'image/jpeg', 'AAH/'],
      ['file', 'file', 'image/png', ''],
      ['tags', 'x'],
      ['tags', '2'],
      ['meta', '{"a":[1]}'],
      ['none', ''],
      ['empty', ''],
    ]);
    const { body } = buildRequest(upload, args);
    expect(String(body)).toContain('name="meta"\r\ncontent-type: application/json\r\n\r\n{"a":[1]}');
  });

  it('is the members of one argument that is the whole body', async () => {
    const whole = tool({ encoding: 'multipart', argument: 'body', files: { f: 'text/csv' } }, ['body']);
    expect(await parsed({ body: { id: 1, f: { base64: 'YQ==' } } }, whole)).toEqual([
      ['id', '1'],
      ['f', 'file', 'text/csv', 'YQ=='],
    ]);
    expect(refusal({ body: [] }, whole)).toBe('TOOL_ARGUMENT_SHAPE body');
    expect(refusal({ body: { f: 'YQ==' } }, whole)).toBe('TOOL_ARGUMENT_FILE body');
  });

  it('is no body at all without a member', () => {
    const { body, headers } = buildRequest(upload, {});
    expect([body, headers['content-type']]).toEqual([undefined, undefined]);
  });

  it('has the same bytes for the same arguments, and another boundary for others', () => {
    const type = (title: string) => buildRequest(upload, { title }).headers['content-type'];
    expect(buildRequest(upload, { title: 'x' })).toEqual(buildRequest(upload, { title: 'x' }));
    expect(type('x')).toMatch(/^multipart\/form-data; boundary=mesh-[0-9a-f]{48}$/);
    expect(type('x')).not.toBe(type('y'));
  });

  it('keeps names, filenames and contents of any text within their own part (RQ1, RQ2)', async () => {
    const hostile = 'a"\r\ncontent-type: text/html\r\n\r\n<b>\r\n--mesh-';
    const file = { base64: 'AA==', filename: hostile };
    expect(await parsed({ [hostile]: hostile, file })).toEqual([
      [expect.stringContaining('a"\r\n'), hostile],
      ['file', expect.stringMatching(/^a/), 'image/png', 'AA=='],
    ]);
    const { body } = buildRequest(upload, { file });
    expect(String(body)).toContain(
      'filename="a%22%0D%0Acontent-type: text/html%0D%0A%0D%0A<b>%0D%0A--mesh-"',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.uint8Array(), async (title, bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        const parts = await parsed({ title, file: { base64 } });
        expect(parts).toEqual([
          ['title', title],
          ['file', 'file', 'image/png', base64],
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a text', 'YQ=='],
    ['null in a list', [null, 1]],
    ['no content', { filename: 'a' }],
    ['no base64', { base64: 'Ä' }],
    ['cut base64', { base64: 'YQ=' }],
    ['a type that ends its line', { base64: 'YQ==', content_type: 'text/plain\r\nx: y' }],
    ['a name that is none', { base64: 'YQ==', filename: 7 }],
  ])('is refused for a file that is %s', (_, file) => {
    expect(refusal({ file })).toBe('TOOL_ARGUMENT_FILE file');
  });

  it('is refused for half of a surrogate pair in a name', () => {
    expect(refusal({ file: { base64: 'YQ==', filename: '\ud800' } })).toBe('TOOL_ARGUMENT_TEXT file');
  });

  it('reads a large text that is nearly base64 in linear time', () => {
    const before = process.cpuUsage();
    expect(refusal({ file: { base64: `${'A'.repeat(4_000_000)}=A==` } })).toBe('TOOL_ARGUMENT_FILE file');
    expect(processorMsSince(before)).toBeLessThan(2_000);
  });
});

describe('a body of bytes', () => {
  const bytes = tool({ encoding: 'bytes', argument: 'body', files: { body: 'image/png' } }, ['body']);

  it("is the file, with its own type or the tool's", () => {
    const request = buildRequest(bytes, { body: { base64: 'AAH/' } });
    expect(request.body).toEqual(Buffer.from([0, 1, 255]));
    expect(request.headers['content-type']).toBe('image/png');
    const other = buildRequest(bytes, { body: { base64: '', content_type: 'image/gif' } });
    expect(other.headers['content-type']).toBe('image/gif');
    expect(refusal({ body: { base64: '*' } }, bytes)).toBe('TOOL_ARGUMENT_FILE body');
  });

  it('is a text if the argument is a text', () => {
    expect(buildRequest(bytes, { body: 'ä' }).body).toEqual(Buffer.from('ä'));
  });
});

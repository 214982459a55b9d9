import { buildRequest } from '@action-mesh/tools';

import { importSample, sampleDocument } from '../sample-document.fake.js';

type Json = Readonly<Record<string, unknown>>;

const properties = {
  tags: { type: 'array', items: { type: 'string' } },
  meta: { type: 'object', properties: { a: { type: 'string' } } },
  n: { type: 'integer' },
};
const args = { tags: ['a', 'b'], meta: { a: 'c' }, n: 1 };

/** The body of a form in the tool, and its warnings. */
function written(encoding: Json | undefined, members: Json = properties): readonly [string, ...string[]] {
  const { body, warnings } = sent({ type: 'object', properties: members }, encoding, Object.keys(members));
  return [body, ...warnings.map(({ code, pointer }) => `${code} ${pointer.slice(-4)}`)];
}

function sent(schema: Json, encoding: Json | undefined, names: readonly string[]) {
  const media = { schema, ...(encoding && { encoding }) };
  const requestBody = { required: true, content: { 'application/x-www-form-urlencoded': media } };
  const { tools, first } = importSample(sampleDocument({ '/things': { post: { requestBody } } }));
  const [tool] = tools;
  if (tool === undefined) throw new Error('no tool');
  const given = Object.fromEntries(Object.entries(args).filter(([name]) => names.includes(name)));
  const { body = '' } = buildRequest(tool, given);
  return { body: decodeURIComponent(String(body)), warnings: first.warnings };
}

describe('the encoding of a form', () => {
  const repeated = 'tags=a&tags=b&meta[a]=c&n=1';

  it.each([
    [undefined],
    [{ tags: { style: 'form', explode: true }, n: { explode: false } }],
    [{ tags: { contentType: 'text/plain', style: 'form' } }],
    [{ meta: { style: 'deepObject', explode: true } }],
  ])('that the mesh supports is written without a warning: %j', (encoding) => {
    expect(written(encoding)).toEqual([repeated]);
  });

  it('of all lists as deep objects numbers the items', () => {
    const deep = { style: 'deepObject', explode: true };
    expect(written({ tags: deep, meta: deep })).toEqual(['tags[0]=a&tags[1]=b&meta[a]=c&n=1']);
  });

  it.each([
    [{ tags: { style: 'form', explode: false } }, 'tags'],
    [{ tags: { style: 'spaceDelimited' } }, 'tags'],
    [{ tags: { contentType: 'application/json' } }, 'tags'],
    [{ meta: { style: 'form' } }, 'meta'],
    [{ meta: { contentType: 'application/json' } }, 'meta'],
  ])('that the mesh does not support has a warning: %j', (encoding, name) => {
    expect(written(encoding)).toEqual([repeated, `body_encoding ${name}`]);
  });

  it('of one list as a deep object beside a plain one has a warning', () => {
    const two = { more: properties.tags, tags: properties.tags };
    expect(written({ tags: { style: 'deepObject' } }, two)).toEqual(['tags=a&tags=b', 'body_encoding tags']);
  });

  const deep = { style: 'deepObject' };
  const inherited = {
    allOf: [
      { type: 'object', properties: { tags: properties.tags } },
      { type: 'object', properties: { meta: properties.meta } },
    ],
  };

  it('of inherited members counts like the encoding of own ones', () => {
    const { body, warnings } = sent(inherited, { tags: deep }, ['tags', 'meta']);
    expect([body, warnings]).toEqual(['tags[0]=a&tags[1]=b&meta[a]=c', []]);
    const other = sent(inherited, { tags: { style: 'spaceDelimited' } }, ['tags']);
    expect(other.warnings).toMatchObject([{ code: 'body_encoding' }]);
  });

  it('with a warning names the format of the form instead', () => {
    const schema = { type: 'object', properties };
    const plain = sent(schema, { meta: { style: 'form' } }, []);
    expect(plain.warnings[0]?.message).toMatch(
      /; it writes lists as repeated pairs, objects as name\[member\]=value$/,
    );
    const numbered = sent(schema, { tags: deep, meta: { style: 'form' } }, []);
    expect(numbered.warnings[0]?.message).toMatch(
      /; it writes lists as name\[0\]=value, objects as name\[member\]=value$/,
    );
  });
});

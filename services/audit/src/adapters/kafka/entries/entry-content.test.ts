import { entryContent } from './entry-content.js';

describe('the content of an entry', () => {
  it('holds no secret of arguments and results, in whatever form they are', () => {
    const inner = { user: 'ada', password: 'hush' };
    const content = entryContent(
      {
        arguments: { body: JSON.stringify(inner), pins: [{ client_secret: 7_531 }] },
        thought: 'Bearer hush-hush',
      },
      { result: String.raw`{"id":12345678901234567890,"pass\u0077ord":7531,"api_keys":["hush"]}` },
    );
    expect(content).not.toMatch(/hush|7531/);
    expect(content).toContain('"id":12345678901234567890');
    expect(JSON.parse(content ?? '')).toMatchObject({
      arguments: { body: JSON.stringify({ ...inner, password: '[redacted]' }) },
    });
  });

  it('has size and digest of a member that is too long or cannot be searched', () => {
    const omitted = { characters: expect.any(Number) as number, sha256: expect.any(String) as string };
    const deep = `${'['.repeat(600)}{"token":"hush"}${']'.repeat(600)}`;
    for (const text of [`"${'x'.repeat(40_000)}"`, `"${'x'.repeat(300_000)}"`, deep])
      expect(JSON.parse(entryContent({}, { result: text }) ?? '')).toEqual({ result_omitted: omitted });
  });
});

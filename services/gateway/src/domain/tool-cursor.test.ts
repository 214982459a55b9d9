import { readToolCursor, writeToolCursor } from './tool-cursor.js';

describe('the cursor of a list of tools', () => {
  it('comes back as it was written', () => {
    const end = { slug: 'github_issues_create', count: 100 };
    expect(readToolCursor(writeToolCursor(end))).toEqual(end);
  });

  it.each([
    '',
    'abc',
    Buffer.from('["A B",1]').toString('base64url'),
    Buffer.from('["a",0]').toString('base64url'),
    Buffer.from('["a",1e99]').toString('base64url'),
    Buffer.from('["a", 1]').toString('base64url'),
    `${writeToolCursor({ slug: 'a', count: 1 })}=`,
    'A'.repeat(100_000),
  ])('is not %.40s', (text) => {
    expect(readToolCursor(text)).toBeUndefined();
  });
});

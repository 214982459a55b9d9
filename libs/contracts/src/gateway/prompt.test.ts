import { promptSchema } from './index.js';

const accepts = (prompt: unknown) => promptSchema.safeParse(prompt).success;

describe('the reference to a prompt', () => {
  it('has an id, a hash or a url', () => {
    expect(accepts({ id: 'planner@12' })).toBe(true);
    expect(accepts({ hash: `sha256:${'0'.repeat(64)}` })).toBe(true);
    expect(accepts({ url: 'https://prompts.example.com/p?version=2#top' })).toBe(true);
    expect(accepts({})).toBe(false);
    expect(accepts({ text: 'You are a helpful agent.' })).toBe(false);
  });

  it('is bounded, because it travels with every record of its call', () => {
    expect(accepts({ id: 'i'.repeat(201) })).toBe(false);
    expect(accepts({ hash: 'h'.repeat(201) })).toBe(false);
    expect(accepts({ url: `https://prompts.example.com/${'p'.repeat(2_000)}` })).toBe(false);
  });

  it.each([
    'prompts/12',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://ada:secret@prompts.example.com/',
  ])('is not the url %s', (url) => {
    expect(accepts({ url })).toBe(false);
  });

  it('has no hash with control characters or spaces', () => {
    expect(accepts({ hash: 'a b' })).toBe(false);
    expect(accepts({ hash: 'a\nb' })).toBe(false);
  });
});

import { parsePathTemplate, placeholders } from './path-template.js';

describe('parsePathTemplate', () => {
  it.each([
    ['/', []],
    ['/enrich', []],
    ['/crm/contacts/{email}', ['email']],
    ['/repos/{owner}/{repo}/compare/{base}...{head}', ['owner', 'repo', 'base', 'head']],
    ['/v1/{name}:cancel', ['name']],
    ['/items/', []],
  ])('reads %s', (path, names) => {
    const parsed = parsePathTemplate(path);
    expect(parsed.ok && placeholders(parsed.template)).toEqual(names);
  });

  it.each([
    ['/a?b={c}', 'must not hold "?": a path has no query and no fragment'],
    ['/a#b', 'must not hold "#": a path has no query and no fragment'],
    ['/a"b"', 'must not hold "\\"", which is no character of a URL path'],
    ['/a/%z', 'must not hold "%", which is no character of a URL path'],
    ['/a/{b}/{b}', 'must not use the placeholder {b} twice'],
  ])('reports the problem of %s', (path, message) => {
    expect(parsePathTemplate(path)).toEqual({ ok: false, message });
  });

  it.each([
    ['no leading slash', 'a/b'],
    ['an empty segment', '/a//b'],
    ['another origin', '//evil.example/x'],
    ['a dot segment', '/a/./b'],
    ['a double dot segment', '/a/../b'],
    ['an escaped dot segment', '/a/%2e%2E/b'],
    ['an escaped slash', '/a%2Fb'],
    ['a backslash', '/a\\b'],
    ['a query', '/a?b=c'],
    ['a fragment', '/a#b'],
    ['a broken escape', '/a%zz'],
    ['a space', '/a b'],
    ['a line break', '/a\nb'],
    ['an open brace', '/a/{b'],
    ['a closing brace', '/a/b}'],
    ['nested braces', '/a/{{b}}'],
    ['a nameless placeholder', '/a/{}'],
    ['the same placeholder twice', '/a/{b}/{b}'],
  ])('refuses %s', (_, path) => {
    expect(parsePathTemplate(path)).toMatchObject({ ok: false });
  });
});

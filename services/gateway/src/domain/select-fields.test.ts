import { compactJson, readJsonNode } from '@action-mesh/kernel';

import { readFieldPaths } from './field-paths.js';
import { selectFields } from './select-fields.js';

const text = `{ "total": 7615917337495251231, "items": [
  {"id": 1.0, "name": "a", "owner": {"login": "x", "site-url": "u"}, "tags": ["t", "s"]},
  {"id": 2, "owner": null},
  3
], "\\u0061b": {"": 1E400, "it's": 2} }`;

function selected(
  fields: string,
  value = text,
): { readonly part: string | undefined; readonly missing: readonly string[] } {
  const { node, missing } = selectFields(readJsonNode(value), readFieldPaths(fields));
  return { part: node && compactJson(value, node), missing };
}

describe('the selection of fields', () => {
  it.each([
    ['$', text.replaceAll(/\s/g, '')],
    ['$.total', '{"total":7615917337495251231}'],
    ['total', '{"total":7615917337495251231}'],
    ['$.items[*].id', '{"items":[{"id":1.0},{"id":2}]}'],
    ['items[*].id, items[*].owner.login', '{"items":[{"id":1.0,"owner":{"login":"x"}},{"id":2}]}'],
    ['$.items[1]', '{"items":[{"id":2,"owner":null}]}'],
    ['$.items[0].tags[1],$["items"][0].name', '{"items":[{"name":"a","tags":["s"]}]}'],
    ["$.items[*].owner['site-url']", '{"items":[{"owner":{"site-url":"u"}},{}]}'],
    ['$.*[0].id', '{"items":[{"id":1.0}],"\\u0061b":{}}'],
    [`$.ab["it's"],$['ab']['']`, '{"\\u0061b":{"":1E400,"it\'s":2}}'],
    [`ab['it\\'s']`, '{"\\u0061b":{"it\'s":2}}'],
    [
      'items,items[0].id',
      text
        .replaceAll(/\s/g, '')
        .replace(/"total":\d+,/, '')
        .replace(/,"\\u0061b.*/, '}'),
    ],
  ])('%s keeps the places and the digits of its values', (fields, part) => {
    expect(selected(fields)).toEqual({ part, missing: [] });
  });

  it('names the paths without a value', () => {
    expect(selected('items[*].id,items.id, none , total.x')).toEqual({
      part: '{"items":[{"id":1.0},{"id":2}]}',
      missing: ['items.id', 'none', 'total.x'],
    });
    expect(selected('$.a', '"text"')).toEqual({ part: undefined, missing: ['$.a'] });
    expect(selected('constructor,__proto__')).toEqual({ part: '{}', missing: ['constructor', '__proto__'] });
  });

  it.each([
    ['', 'character 1'],
    ['$.', 'character 3'],
    ['$..a', 'character 3'],
    ['$a', 'character 2'],
    ['a,', 'character 3'],
    ['a b', 'character 3'],
    ['[0]', 'character 1'],
    ['$[01]', 'character 3'],
    ['$[-1]', 'character 3'],
    ['$[1:2]', '"]"'],
    ['$[?@.a]', 'character 3'],
    ['$["a]', 'the end of the name'],
    ['$["\\x"]', 'character 3'],
    ['$.a-b', 'character 4'],
    ['$' + '.a'.repeat(33), '32 steps'],
    ['a,'.repeat(50) + 'a', '50 paths'],
    ['a'.repeat(2_001), '2000 characters'],
  ])('is refused with a place: %.30j', (fields, place) => {
    const read = (): unknown => readFieldPaths(fields);
    expect(read).toThrow(SyntaxError);
    expect(read).toThrow(place);
  });

  it('takes time in proportion to the value and the paths', () => {
    const row = `{${Array.from({ length: 50 }, (_, n) => `"m${n}":0`).join(',')}}`;
    const value = `[${Array.from({ length: 1_500 }, () => row).join(',')}]`;
    const paths = Array.from({ length: 50 }, (_, n) => `$[*].m${n}`).join(',');
    const nested = `${'['.repeat(60)}${'0,'.repeat(200_000)}0${']'.repeat(60)}`;
    const mixed = ['[0][0]', '[*][0]', '[0][*]', '[*][*]'].map((steps) => `$${steps.repeat(14)}`).join(',');
    for (const [fields, given] of [
      [paths, value],
      [mixed, nested],
      ['$[*][*]'.padEnd(7), value],
    ] as const) {
      const before = process.cpuUsage();
      expect(selected(fields.trim(), given).part).toBeDefined();
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(3_000);
    }
  });
});

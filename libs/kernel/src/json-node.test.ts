import fc from 'fast-check';

import { IJsonError } from './i-json.errors.js';
import { compactJson, memberName, readJsonNode, withChildren } from './json-node.js';

function refusalOf(text: string): string | undefined {
  try {
    readJsonNode(text);
    return undefined;
  } catch (error) {
    return error instanceof IJsonError ? error.code : 'unexpected';
  }
}

describe('a JSON text as a tree', () => {
  it('is written without whitespace, with every digit and escape', () => {
    const text = ' { "id" : 7615917337495251231 , "\\u0061" : [ 1E400 , -0, "x\\"]" ] , "e": { } }\n';
    const node = readJsonNode(text);
    const compact = '{"id":7615917337495251231,"\\u0061":[1E400,-0,"x\\"]"],"e":{}}';
    expect(compactJson(text, node)).toBe(compact);
    expect(node.bytes).toBe(compact.length);
    expect(node.children.map(memberName)).toEqual(['id', 'a', 'e']);
  });

  it('equals the output of JSON.stringify, and knows its size', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const node = readJsonNode(text);
        expect(compactJson(text, node)).toBe(JSON.stringify(value));
        expect(node.bytes).toBe(Buffer.byteLength(JSON.stringify(value)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has the size of the children that it is given', () => {
    const text = '{"a":"é","b":[1,2],"c":null}';
    const node = readJsonNode(text);
    const less = withChildren(node, [...node.children.slice(0, 1), ...node.children.slice(2)]);
    expect(compactJson(text, less)).toBe('{"a":"é","c":null}');
    expect(less.bytes).toBe(Buffer.byteLength('{"a":"é","c":null}'));
  });

  it.each(['', '{', '[1', '{"a"}', '{"a":1 "b":2}', '[1 2]', '[1,]', '{1:2}', '"a', '1 2', '[}', '{a":1}'])(
    'is refused for %j',
    (broken) => {
      expect(refusalOf(broken)).toBe('IJSON_SYNTAX');
    },
  );

  it('is refused when it is too deep for the stack', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(refusalOf(deep)).toBe('IJSON_TOO_DEEP');
  });
});

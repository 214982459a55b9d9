import { IJsonError } from './i-json.errors.js';
import { parseIJson } from './i-json.js';
import type { JsonLimits } from './i-json.js';

function processorMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function refusalOf(source: string | Uint8Array, limits?: JsonLimits): object {
  try {
    parseIJson(source, limits);
  } catch (error) {
    if (error instanceof IJsonError)
      return { code: error.code, pointer: error.pointer, offset: error.offset };
    throw error;
  }
  throw new Error('the text was accepted');
}

describe('parseIJson accepts', () => {
  it.each([
    ['null', null],
    [' true ', true],
    ['\t\r\n false', false],
    ['""', ''],
    ['0', 0],
    ['-0', -0],
    ['-0.0e-0', -0],
    ['1.5E+3', 1500],
    ['[]', []],
    ['[ ]', []],
    ['{ }', {}],
    ['[[],{},[{}]]', [[], {}, [{}]]],
    ['{"":{"":""}}', { '': { '': '' } }],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\uDE00"', '"\\/\b\f\n\r\tA😀'],
    ['"😀 \u2028 \u007f"', '😀 \u2028 \u007f'],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['9.007199254740991e15', Number.MAX_SAFE_INTEGER],
    ['0.1000000000000000055511151231257827', 0.1],
    ['1e-400', 0],
    [
      '{"constructor":1,"prototype":2,"toString":3,"hasOwnProperty":4}',
      JSON.parse('{"constructor":1,"prototype":2,"toString":3,"hasOwnProperty":4}'),
    ],
    ['{"b":1,"10":2,"9":3,"a":4}', { b: 1, 10: 2, 9: 3, a: 4 }],
  ])('%s', (source, expected) => {
    expect(parseIJson(source)).toStrictEqual(expected);
    expect(parseIJson(Buffer.from(source))).toStrictEqual(expected);
  });

  it('reads a view into a larger buffer', () => {
    expect(parseIJson(new Uint8Array(Buffer.from('x["é"]x')).subarray(1, -1))).toStrictEqual(['é']);
  });
});

describe('parseIJson refuses', () => {
  it.each([
    // Duplicate names, in any spelling and at any place.
    ['{"a":1,"a":1}', 'IJSON_DUPLICATE_NAME', '/a', 7],
    ['{"x":[0,{"a~/":1,"b":2,"\\u0061~\\/":3}]}', 'IJSON_DUPLICATE_NAME', '/x/1/a~0~1', 23],
    ['{"":1,"":2}', 'IJSON_DUPLICATE_NAME', '/', 6],
    ['{"toString":1,"toString":2}', 'IJSON_DUPLICATE_NAME', '/toString', 14],
    ['{"7":1,"7":2}', 'IJSON_DUPLICATE_NAME', '/7', 7],
    ['{"a":{"__proto__":1}}', 'IJSON_FORBIDDEN_NAME', '/a/__proto__', 6],
    ['{"\\u005f_proto__":1}', 'IJSON_FORBIDDEN_NAME', '/__proto__', 1],
    // J1
    ['9007199254740992', 'IJSON_NUMBER_RANGE', '', 0],
    ['[1,-9007199254740992]', 'IJSON_NUMBER_RANGE', '/1', 3],
    ['{"id":12345678901234567890}', 'IJSON_NUMBER_RANGE', '/id', 6],
    ['9007199254740993.0', 'IJSON_NUMBER_RANGE', '', 0],
    ['9007199254740991.6', 'IJSON_NUMBER_RANGE', '', 0],
    ['1e16', 'IJSON_NUMBER_RANGE', '', 0],
    ['1e400', 'IJSON_NUMBER_RANGE', '', 0],
    ['-1e400', 'IJSON_NUMBER_RANGE', '', 0],
    // Unicode
    ['"\\ud800"', 'IJSON_LONE_SURROGATE', '', 0],
    ['["a","\\udc00\\ud800"]', 'IJSON_LONE_SURROGATE', '/1', 5],
    ['"\ud800"', 'IJSON_LONE_SURROGATE', '', 0],
    ['"\\ud800\ud800"', 'IJSON_LONE_SURROGATE', '', 0],
    ['{"a":{"\\udfff":1}}', 'IJSON_LONE_SURROGATE', '/a/\ufffd', 6],
    ['{"\udfff":1}', 'IJSON_LONE_SURROGATE', '/\ufffd', 1],
    ['"\\uffff"', 'IJSON_NONCHARACTER', '', 0],
    ['"\ufdd0"', 'IJSON_NONCHARACTER', '', 0],
    ['{"\\ud83f\\udffe":1}', 'IJSON_NONCHARACTER', '/\u{1fffe}', 1],
    ['\ufeff{}', 'IJSON_BYTE_ORDER_MARK', '', 0],
    // Texts that break off
    ['', 'IJSON_SYNTAX', '', 0],
    [' ', 'IJSON_SYNTAX', '', 1],
    ['{', 'IJSON_SYNTAX', '', 1],
    ['{"a"', 'IJSON_SYNTAX', '/a', 4],
    ['{"a":', 'IJSON_SYNTAX', '/a', 5],
    ['{"a":1', 'IJSON_SYNTAX', '', 6],
    ['{"a":1,', 'IJSON_SYNTAX', '', 7],
    ['[', 'IJSON_SYNTAX', '/0', 1],
    ['[1', 'IJSON_SYNTAX', '', 2],
    ['{"a":[1,', 'IJSON_SYNTAX', '/a/1', 8],
    ['"', 'IJSON_SYNTAX', '', 1],
    ['"a\\', 'IJSON_SYNTAX', '', 2],
    ['"\\u12', 'IJSON_SYNTAX', '', 1],
    ['tru', 'IJSON_SYNTAX', '', 0],
    ['-', 'IJSON_SYNTAX', '', 0],
    // Texts that other parsers accept
    ['[1,]', 'IJSON_SYNTAX', '/1', 3],
    ['[,1]', 'IJSON_SYNTAX', '/0', 1],
    ['{"a":1,}', 'IJSON_SYNTAX', '', 7],
    ['{a:1}', 'IJSON_SYNTAX', '', 1],
    ["{'a':1}", 'IJSON_SYNTAX', '', 1],
    ['{"a" 1}', 'IJSON_SYNTAX', '/a', 5],
    ['{"a":1 "b":2}', 'IJSON_SYNTAX', '', 7],
    ['[1}', 'IJSON_SYNTAX', '', 2],
    ['{} {}', 'IJSON_SYNTAX', '', 3],
    ['nullx', 'IJSON_SYNTAX', '', 4],
    ['NaN', 'IJSON_SYNTAX', '', 0],
    ['[Infinity]', 'IJSON_SYNTAX', '/0', 1],
    ['-Infinity', 'IJSON_SYNTAX', '', 0],
    ['undefined', 'IJSON_SYNTAX', '', 0],
    ['01', 'IJSON_SYNTAX', '', 1],
    ['-01', 'IJSON_SYNTAX', '', 2],
    ['1.', 'IJSON_SYNTAX', '', 1],
    ['.5', 'IJSON_SYNTAX', '', 0],
    ['1e', 'IJSON_SYNTAX', '', 1],
    ['+1', 'IJSON_SYNTAX', '', 0],
    ['0x10', 'IJSON_SYNTAX', '', 1],
    ['1_000', 'IJSON_SYNTAX', '', 1],
    ['"\\x41"', 'IJSON_SYNTAX', '', 1],
    ['"\\u004g"', 'IJSON_SYNTAX', '', 1],
    ['"\n"', 'IJSON_SYNTAX', '', 1],
    ['"\\n\u0000"', 'IJSON_SYNTAX', '', 3],
    ['// no\n1', 'IJSON_SYNTAX', '', 0],
    ['1 /* no */', 'IJSON_SYNTAX', '', 2],
    ['\u00a01', 'IJSON_SYNTAX', '', 0],
    ['[1]\u0000', 'IJSON_SYNTAX', '', 3],
  ])('%j with %s', (source, code, pointer, offset) => {
    expect(refusalOf(source)).toStrictEqual({ code, pointer, offset });
  });

  it.each([
    ['a stray continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate written as UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a code point beyond the last', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ['a character cut in half', [0x22, 0xc3]],
    ['UTF-16', [0xff, 0xfe, 0x31, 0x00]],
  ])('bytes that are not UTF-8: %s', (_, bytes) => {
    expect(refusalOf(Uint8Array.from(bytes))).toMatchObject({ code: 'IJSON_INVALID_UTF8', pointer: '' });
  });

  it('a byte order mark in bytes', () => {
    expect(refusalOf(Buffer.from([0xef, 0xbb, 0xbf, 0x31]))).toMatchObject({ code: 'IJSON_BYTE_ORDER_MARK' });
  });

  it('never repeats the text in the message', () => {
    expect(() => parseIJson('{"secret@example.com":1,"secret@example.com":2}')).toThrow(
      /^an object has two members of the same name$/,
    );
  });
});

describe('limits', () => {
  it('bounds depth, counting arrays and objects alike', () => {
    const nested = (depth: number): string => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);
    expect(() => parseIJson(nested(32))).not.toThrow();
    expect(refusalOf(nested(34))).toMatchObject({ code: 'IJSON_TOO_DEEP', pointer: '/0/a'.repeat(16) });
    expect(refusalOf('[]', { maxDepth: 0 })).toStrictEqual({
      code: 'IJSON_TOO_DEEP',
      pointer: '',
      offset: 0,
    });
    expect(parseIJson('1', { maxDepth: 0 })).toBe(1);
    expect(() => parseIJson('['.repeat(512) + ']'.repeat(512), { maxDepth: 512 })).not.toThrow();
  });

  it.each([-1, 1.5, Number.NaN, 513])('refuses a depth limit of %d as a defect', (maxDepth) => {
    expect(() => parseIJson('1', { maxDepth })).toThrow(RangeError);
  });

  it('bounds the size of texts and bytes in UTF-8 bytes', () => {
    const source = '"ééé"';
    for (const form of [source, Buffer.from(source)]) {
      expect(parseIJson(form, { maxBytes: 8 })).toBe('ééé');
      expect(refusalOf(form, { maxBytes: 7 })).toMatchObject({ code: 'IJSON_TOO_LARGE', pointer: '' });
    }
    expect(refusalOf(`"${'a'.repeat(256 * 1024)}"`)).toMatchObject({ code: 'IJSON_TOO_LARGE' });
  });
});

describe('hostile texts are read in linear time', () => {
  const maxBytes = 64 * 1024 * 1024;

  function elapsedMs(work: () => void): number {
    const before = process.cpuUsage();
    work();
    return processorMs(before);
  }

  const members = (count: number, name: (index: number) => string): string =>
    `{${Array.from({ length: count }, (_, index) => `"${name(index)}":1`).join(',')}}`;

  it.each<[string, string]>([
    ['100,000 members', members(100_000, (index) => `member ${index}`)],
    ['100,000 members with numbers for names', members(100_000, (index) => String(index * 104_729))],
    ['10 MB of escapes', `"${'\\u0041'.repeat(1_700_000)}"`],
    ['10 MB of digits', `0.${'1'.repeat(10_000_000)}`],
    ['10 MB of whitespace', `${' '.repeat(10_000_000)}1`],
    ['10 MB of empty arrays', `[${'[],'.repeat(3_300_000)}[]]`],
  ])('%s', (_, source) => {
    // Linear time takes less than half a second each on an idle core. Quadratic time takes minutes.
    expect(elapsedMs(() => parseIJson(source, { maxBytes }))).toBeLessThan(10_000);
  });

  it('a million open brackets', () => {
    expect(refusalOf('['.repeat(1_000_000), { maxBytes })).toMatchObject({ code: 'IJSON_TOO_DEEP' });
    expect(refusalOf('{"a":'.repeat(1_000_000), { maxBytes })).toMatchObject({ code: 'IJSON_TOO_DEEP' });
  });

  it('refuses 10 MB beyond the limit without reading them', () => {
    expect(elapsedMs(() => refusalOf('['.repeat(10_000_000)))).toBeLessThan(1000);
  });

  it('the last of 100,000 members is a duplicate of the first', () => {
    const source = members(100_000, (index) => `member ${index % 99_999}`);
    expect(refusalOf(source, { maxBytes })).toMatchObject({
      code: 'IJSON_DUPLICATE_NAME',
      pointer: '/member 0',
    });
  });
});

import fc from 'fast-check';

import { compareDecimals, isExactNumber, isSameDecimal } from './exact-number.js';
import { parseExactIJson, parseIJsonKeeping } from './i-json.js';
import { jsonAt } from './json-at.js';
import { jsonPointer } from './json-pointer.js';
import { JsonText, writeJson } from './json-text.js';

function processorMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function refusalOf(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

describe('the text at a JSON pointer', () => {
  const text =
    ' {"id" : 7615917337495251231,"a/b":[ 1E400 , -0,{"x":"}]\\"" }],"__proto__":{"n":1.10},"e":""}\n';

  it.each([
    ['/id', '7615917337495251231'],
    ['/a~1b/0', '1E400'],
    ['/a~1b/1', '-0'],
    ['/a~1b/2', '{"x":"}]\\"" }'],
    ['/a~1b/2/x', '"}]\\""'],
    ['/__proto__/n', '1.10'],
    ['/e', '""'],
    ['', text.trim()],
    ['/none', undefined],
    ['/a~1b/3', undefined],
    ['/a~1b/-', undefined],
    ['/a~1b/length', undefined],
    ['/id/0', undefined],
    ['/constructor', undefined],
  ])('%s is cut exactly', (pointer, expected) => {
    expect(jsonAt(text, pointer)).toBe(expected);
  });

  it('is found under a name with escapes', () => {
    expect(jsonAt('{"\\u0069d":1.0}', '/id')).toBe('1.0');
  });

  it('is refused when two members of that name lie on the way', () => {
    const twice = '{"a":{"id":1,"\\u0069d":2},"b":1,"b":2}';
    expect(refusalOf(() => jsonAt(twice, '/a/id'))).toMatchObject({ code: 'IJSON_DUPLICATE_NAME' });
    expect(jsonAt(twice, '/a')).toBe('{"id":1,"\\u0069d":2}');
  });

  it.each(['{', '{"a"', '{"a":', '{"a":"', '{"a":1;"b":2}'])('of %j is refused', (broken) => {
    expect(refusalOf(() => jsonAt(broken, '/b'))).toMatchObject({ code: 'IJSON_SYNTAX' });
  });

  it('agrees with JSON.parse at every place of every value', () => {
    const places = (value: unknown): readonly (readonly [readonly string[], unknown])[] =>
      typeof value !== 'object' || value === null
        ? [[[], value]]
        : [
            [[], value],
            ...Object.entries(value).flatMap(([name, member]) =>
              places(member).map(([rest, at]) => [[name, ...rest], at] as const),
            ),
          ];
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const source = JSON.stringify(value, null, indent);
        for (const [path, at] of places(JSON.parse(source))) {
          const found = jsonAt(source, jsonPointer(path));
          expect(found === undefined ? undefined : JSON.parse(found)).toEqual(at);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes time in proportion to the text, however the text is built', () => {
    const inputs = [
      `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"b":1}`,
      `{${'"a":"\\\\",'.repeat(100_000)}"b":1}`,
      `{"b":${'9'.repeat(1_000_000)}}`,
      `{${'"\\u0061":1,'.repeat(50_000)}"b":1}`,
    ];
    for (const input of inputs) {
      const before = process.cpuUsage();
      expect(jsonAt(input, '/b')).toBeDefined();
      expect(processorMs(before)).toBeLessThan(1_000);
    }
  });
});

describe('JSON with exact texts inside', () => {
  it('is written with each text as it is', () => {
    const result = new JsonText('{ "id":1E400,"__proto__":1.0}');
    const value = { a: 1, gone: undefined, list: [result, undefined], at: new Date(0), 'q"': { result } };
    expect(writeJson(value)).toBe(
      `{"a":1,"list":[${result.text},null],"at":"1970-01-01T00:00:00.000Z","q\\"":{"result":${result.text}}}`,
    );
  });

  it('is a string with the text, for a writer that does not know JsonText', () => {
    expect(JSON.parse(JSON.stringify({ result: new JsonText('1.0') }))).toEqual({ result: '1.0' });
  });

  it('equals the output of JSON.stringify when the value holds no JsonText', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(writeJson(value)).toBe(JSON.stringify(value))));
  });
});

describe('a number', () => {
  it.each(['0', '-0', '1.0', '1e2', '0.1', '9007199254740991', '1.5E-7', '0.000', '123456789.125'])(
    '%s is exact',
    (text) => {
      expect(isExactNumber(text)).toBe(true);
      expect(() => parseExactIJson(`[${text}]`)).not.toThrow();
    },
  );

  it.each([
    ['7615917337495251231', 'IJSON_NUMBER_RANGE'],
    ['1E400', 'IJSON_NUMBER_RANGE'],
    ['0.1000000000000000055', 'IJSON_NUMBER_PRECISION'],
    ['1e-400', 'IJSON_NUMBER_PRECISION'],
    ['4503599627370497.55', 'IJSON_NUMBER_PRECISION'],
  ])('%s is refused when it would change (%s)', (text, code) => {
    expect(refusalOf(() => parseExactIJson(`{"a":[${text}]}`))).toMatchObject({ code, pointer: '/a/0' });
  });

  it('is the same decimal in every spelling', () => {
    expect(isSameDecimal('100', '1.00e2')).toBe(true);
    expect(isSameDecimal('-0', '0.0')).toBe(true);
    expect(isSameDecimal('7615917337495251231', '7615917337495251000')).toBe(false);
    expect(isSameDecimal('1e999999999999', '1e999999999998')).toBe(false);
  });

  it.each([
    ['1', '2'],
    ['-2', '-1'],
    ['-1', '0'],
    ['0', '1e-400'],
    ['9', '10'],
    ['15', '2e1'],
    ['0.15', '0.2'],
    ['0.15', '0.151'],
    ['7615917337495251230', '7615917337495251231'],
    ['-7615917337495251231', '-7615917337495251230'],
  ])('%s is less than %s', (less, more) => {
    expect(compareDecimals(less, more)).toBeLessThan(0);
    expect(compareDecimals(more, less)).toBeGreaterThan(0);
  });

  it('compares with another one as JavaScript does, where both are exact', () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    fc.assert(
      fc.property(number, number, (left, right) => {
        expect(Math.sign(compareDecimals(String(left), String(right)))).toBe(
          left === right ? 0 : Math.sign(left < right ? -1 : 1),
        );
      }),
    );
  });
});

describe('I-JSON with members kept', () => {
  it('holds any JSON in the kept members, and is strict about all others', () => {
    const read = parseIJsonKeeping('{"by":"ada","result":{"id":1E400,"a":1,"a":2}}', ['result']);
    expect(read).toEqual({ by: 'ada', result: new JsonText('{"id":1E400,"a":1,"a":2}') });
    expect(() => parseIJsonKeeping('{"n":1E400,"result":1}', ['result'])).toThrow();
    expect(() => parseIJsonKeeping('{"result":1,"result":2}', ['result'])).toThrow();
    expect(() => parseIJsonKeeping('{"deep":{"result":1E400}}', ['result'])).toThrow();
  });

  it.each([
    '{"result":}',
    '{"result":tru}',
    '{"result":[1 2]}',
    '{"result":01}',
    '{"result":1',
    '{"result":]}',
  ])('is refused for %s', (text) => {
    expect(refusalOf(() => parseIJsonKeeping(text, ['result']))).toMatchObject({ code: 'IJSON_SYNTAX' });
  });

  it('bounds the depth of the kept members', () => {
    const deep = `{"result":${'['.repeat(65)}${']'.repeat(65)}}`;
    expect(refusalOf(() => parseIJsonKeeping(deep, ['result']))).toMatchObject({
      code: 'IJSON_TOO_DEEP',
      pointer: '/result',
    });
  });
});

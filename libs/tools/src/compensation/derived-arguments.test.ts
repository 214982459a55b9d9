import type { Tool } from '@action-mesh/contracts/catalog';
import { JsonText } from '@action-mesh/kernel';

import { derivedArguments } from './derived-arguments.js';
import { NotDerivableError } from '../tools.errors.js';

const anything: Tool['input'] = { type: 'object' };
const result =
  '{ "id" : 7615917337495251231,"n":7,"price":1.10,"half":0.5,"long":0.1000000000000000055,"huge":1E400,"zero":-0,' +
  '"a/b":null,"__proto__":{"id":8},"twice":{"id":1,"id":2},"lone":"\\ud800","list":[{"id":9007199254740993}]}';
const done = { arguments: { email: 'a@b.example', tags: ['x'] }, result: new JsonText(result) };

const undo = (from: string) => ({ tool: 'undo', arguments: { id: { from } } });

function refusalOf(from: string, input: Tool['input'] = anything): NotDerivableError {
  try {
    derivedArguments(undo(from), done, input);
  } catch (error) {
    if (error instanceof NotDerivableError) return error;
    throw error;
  }
  throw new Error(`${from} was not refused`);
}

it('takes arguments from the call and its result, and from nowhere else', () => {
  const compensation = {
    tool: 'undo',
    arguments: {
      id: { from: '/result/n' },
      email: { from: '/arguments/email' },
      tag: { from: '/arguments/tags/0' },
      nothing: { from: '/result/a~1b' },
      reason: { value: { text: 'undone' } },
    },
  };
  expect(derivedArguments(compensation, done, anything)).toEqual({
    id: 7,
    email: 'a@b.example',
    tag: 'x',
    nothing: null,
    reason: { text: 'undone' },
  });
});

it.each([
  '/result/missing',
  '/arguments/tags/1',
  '/arguments/tags/length',
  '/result/n/deeper',
  '/arguments/constructor',
  '/arguments/__proto__',
])('refuses a missing value: %s', (from) => {
  const { problems } = refusalOf(from);
  expect(problems).toEqual([{ pointer: from, message: expect.any(String) as string }]);
});

describe('a number of a result', () => {
  it.each([
    ['/result/id', '/result/id', 'IJSON_NUMBER_RANGE'],
    ['/result/list', '/result/list/0/id', 'IJSON_NUMBER_RANGE'],
    ['/result/huge', '/result/huge', 'IJSON_NUMBER_RANGE'],
    ['/result/long', '/result/long', 'IJSON_NUMBER_PRECISION'],
    ['/result/twice/id', '/result/twice/id', 'IJSON_DUPLICATE_NAME'],
    ['/result/twice', '/result/twice/id', 'IJSON_DUPLICATE_NAME'],
    ['/result/lone', '/result/lone', 'IJSON_LONE_SURROGATE'],
  ])('is refused and not rounded when no argument carries it exactly: %s (I2)', (from, pointer, code) => {
    const { problems } = refusalOf(from);
    expect(problems).toMatchObject([{ pointer, code }]);
    expect(problems[0]?.message).toContain('id comes from it');
  });

  it.each([
    ['/result/n', 7],
    ['/result/half', 0.5],
    ['/result/price', 1.1],
    ['/result/__proto__/id', 8],
  ])('is accepted when an argument carries it exactly: %s', (from, expected) => {
    expect(derivedArguments(undo(from), done, anything)).toEqual({ id: expected });
  });

  const texts: readonly (readonly [string, object])[] = [
    ['a text', { type: 'string' }],
    ['a text or null', { type: ['string', 'null'] }],
    ['a text behind a reference', { $ref: '#/$defs/id' }],
    ['a text of two kinds', { anyOf: [{ type: 'string', format: 'uuid' }, { $ref: '#/$defs/id' }] }],
  ];

  it.each(texts)('becomes its own digits where the undoing tool takes %s', (_, id) => {
    const input = { type: 'object', properties: { id }, $defs: { id: { type: 'string' } } } as Tool['input'];
    expect(derivedArguments(undo('/result/id'), done, input)).toEqual({ id: '7615917337495251231' });
    expect(derivedArguments(undo('/result/n'), done, input)).toEqual({ id: '7' });
    expect(refusalOf('/result/huge', input).code).toBe('TOOL_NOT_DERIVABLE');
  });

  it.each([{ type: 'integer' }, { type: ['string', 'integer'] }, {}, { $ref: '#/properties/id' }, true])(
    'is refused where the undoing tool may take a number: %j',
    (id) => {
      const input = { type: 'object', properties: { id } } as Tool['input'];
      expect(refusalOf('/result/id', input).code).toBe('TOOL_NOT_DERIVABLE');
    },
  );

  it('follows each reference of the undoing tool once, also in cycles', () => {
    const names = Array.from({ length: 40 }, (_, index) => `d${index}`);
    const any = { anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) };
    const $defs = { ...Object.fromEntries(names.map((name) => [name, any])), d39: { type: 'string' } };
    const input = { type: 'object', properties: { id: any }, $defs } as unknown as Tool['input'];
    expect(derivedArguments(undo('/result/n'), done, input)).toEqual({ id: '7' });
  });
});

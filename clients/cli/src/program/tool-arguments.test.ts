import { CliUsageError } from '../cli.errors.js';
import { toolArguments } from './tool-arguments.js';

const input = {
  type: 'object',
  additionalProperties: false,
  properties: {
    text: { type: 'string' },
    count: { type: 'integer' },
    share: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    isOpen: { type: 'boolean' },
    names: { type: 'array', items: { type: 'string' } },
    numbers: { type: 'array', items: { $ref: '#/$defs/whole' } },
    place: { type: 'object' },
    level: { enum: ['low', 'high'] },
    any: {},
    amount: { anyOf: [{ $ref: '#/$defs/whole' }, { $ref: '#/$defs/nothing' }] },
    ids: { oneOf: [{ $ref: '#/$defs/list' }, { type: 'null' }] },
  },
  $defs: {
    whole: { type: 'integer' },
    nothing: { anyOf: [{ type: 'null' }] },
    list: { type: 'array', items: { $ref: '#/$defs/whole' } },
  },
};

describe('name=value words', () => {
  it.each([
    ['text=5', { text: '5' }],
    ['text={"a":1}', { text: '{"a":1}' }],
    ['text=a=b', { text: 'a=b' }],
    ['text=', { text: '' }],
    ['count=5', { count: 5 }],
    ['share=0.5', { share: 0.5 }],
    ['share=null', { share: null }],
    ['isOpen=true', { isOpen: true }],
    ['names=5', { names: ['5'] }],
    ['names=["a","b"]', { names: ['a', 'b'] }],
    ['numbers=7', { numbers: [7] }],
    ['place={"city":"Paris"}', { place: { city: 'Paris' } }],
    ['level=low', { level: 'low' }],
    ['amount=7', { amount: 7 }],
    ['amount=null', { amount: null }],
    ['ids=[7]', { ids: [7] }],
    ['any=5', { any: 5 }],
    ['any=five', { any: 'five' }],
    ['any=9007199254740993', { any: '9007199254740993' }],
  ])('%s gets its type from the schema', (word, expected) => {
    expect(toolArguments([word], input)).toEqual(expected);
  });

  it('make a list when they are repeated', () => {
    expect(toolArguments(['names=a', 'names=b', 'numbers=1', 'numbers=2'], input)).toEqual({
      names: ['a', 'b'],
      numbers: [1, 2],
    });
  });

  it.each([
    ['texd=x', 'Did you mean text?'],
    ['nothing-like-it=x', 'It has: text, count'],
    ['count=five', 'must be of the type integer'],
    ['count=1.5', 'must be of the type integer'],
    ['count=9007199254740993', 'must be of the type integer'],
    ['isOpen=yes', 'must be of the type boolean'],
    ['place=[1]', 'must be of the type object'],
    ['numbers=a', 'must be of the type integer'],
    ['amount=seven', 'must be of the type integer or null'],
    ['amount=true', 'must be of the type integer or null'],
    ['=x', 'name=value'],
    ['text', 'name=value'],
  ])('%s is refused', (word, message) => {
    expect(() => toolArguments([word], input)).toThrow(CliUsageError);
    expect(() => toolArguments([word], input)).toThrow(message);
  });

  it('are refused twice for one value, without the value in the error', () => {
    expect(() => toolArguments(['text=secret', 'text=secret'], input)).toThrow('-a text=… is given');
  });

  it('take any name when the schema lists none, also __proto__', () => {
    const made = toolArguments(['__proto__=1', 'a=2'], { type: 'object' });
    expect(Object.keys(made)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });

  it('survive a schema with endless references', () => {
    const endless = { properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: { $ref: '#/$defs/b' } } };
    expect(toolArguments(['a=1'], endless)).toEqual({ a: 1 });
    const union = { anyOf: Array.from({ length: 20 }, () => ({ $ref: '#/$defs/b' })) };
    const wide = { properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: union } };
    expect(toolArguments(['a=1'], wide)).toEqual({ a: 1 });
  });
});

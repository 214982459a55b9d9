import { importSample } from '../sample-document.fake.js';
import { parseYamlText } from './yaml-text.js';

describe('a merge key', () => {
  it.each([
    ['base: &b {x: 1, y: 2}\na: {<<: *b, y: 3}', { y: 3, x: 1 }],
    ['base: &b {x: 1}\nother: &o {x: 2, z: 2}\na: {<<: [*b, *o], y: 3}', { y: 3, x: 1, z: 2 }],
    ['base: &b {x: 1}\nmiddle: &m {<<: *b, y: 2}\na: {<<: *m, z: 3}', { z: 3, y: 2, x: 1 }],
    ['a: {<<: {x: 1}}', { x: 1 }],
    ['a: {<<: text}', { '<<': 'text' }],
    ['a: {<<: [1, 2]}', { '<<': [1, 2] }],
  ])('adds the members of other objects: %j', (text, expected) => {
    expect(parseYamlText(text)).toMatchObject({ a: expected });
    expect((parseYamlText(text) as { a: object }).a).toEqual(expected);
  });

  it('carries the shared members of operations and schemas', () => {
    const { tools } = importSample(`
openapi: 3.0.0
servers: [{url: "https://acme.test"}]
x-common: &common
  parameters: [{in: query, name: account, required: true, schema: {type: string}}]
x-members: &members {name: {type: string}}
paths:
  /a:
    post:
      <<: *common
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [name], properties: {<<: *members, age: {type: integer}}}}}
`);
    expect(tools[0]?.input).toMatchObject({
      properties: { account: {}, name: { type: 'string' }, age: { type: 'integer' } },
      required: ['account', 'name'],
    });
  });

  it('with a name of the prototype is refused like the name itself', () => {
    const text = 'openapi: 3.0.0\npaths: {<<: {"__proto__": {a: 1}}}\n';
    expect(() => importSample(text)).toThrow('__proto__');
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it('of an object into itself is refused', () => {
    expect(() => parseYamlText('a: &a {b: &b {<<: *a}, <<: *b}')).toThrow('itself');
  });

  it('beyond 400,000 members is refused before it takes memory', () => {
    const members = Array.from({ length: 5_000 }, (_, at) => `m${at}: 1`).join(', ');
    const uses = Array.from({ length: 90 }, (_, at) => `x${at}: {<<: *x, n: 1}`);
    expect(() => parseYamlText([`x: &x {${members}}`, ...uses].join('\n'))).toThrow('too many members');
    expect(() => parseYamlText([`x: &x {${members}}`, ...uses.slice(20)].join('\n'))).not.toThrow();
  });
});

import { sampleTool } from '@action-mesh/testing';

import { worstOf } from './change.js';
import { compareTools, nextVersion, type UnversionedTool } from './tool-change.js';

const tool = (parts: Partial<UnversionedTool> = {}): UnversionedTool => sampleTool(parts);

/** A tool with these properties as its input; `required` in `more` names the required ones. */
const input = (properties: Record<string, unknown>, more: Record<string, unknown> = {}): UnversionedTool =>
  tool({
    input: { type: 'object', properties, additionalProperties: false, ...more } as UnversionedTool['input'],
  });

const output = (schema: Record<string, unknown>): UnversionedTool =>
  tool({ output: schema as UnversionedTool['input'] });

const kindOf = (before: UnversionedTool, after: UnversionedTool): string | undefined =>
  worstOf(compareTools(before, after));

const text = { type: 'string' };

describe('a change of a tool', () => {
  it('is none if only the order of members or the token cost differs', () => {
    const reordered = Object.fromEntries(
      Object.entries(tool({ token_cost: 7 })).reverse(),
    ) as UnversionedTool;
    expect(compareTools(tool(), reordered)).toEqual([]);
  });

  it.each<[string, UnversionedTool, UnversionedTool]>([
    ['a description', tool(), tool({ description: 'Other words.' })],
    ['an example', tool(), tool({ examples: [{ description: 'One', arguments: { email: 'a@b.c' } }] })],
    ['a deprecation', tool(), tool({ deprecated: true })],
    [
      'the description of an argument',
      input({ a: text }),
      input({ a: { ...text, description: 'The first.' } }),
    ],
    ['a default that is only described', input({ a: text }), input({ a: { ...text, default: 'x' } })],
  ])('is one of text: %s', (_, before, after) => {
    expect(kindOf(before, after)).toBe('text');
  });

  it.each<[string, UnversionedTool, UnversionedTool]>([
    ['a new optional argument', input({ a: text }), input({ a: text, b: text })],
    ['an argument that is no longer required', input({ a: text }, { required: ['a'] }), input({ a: text })],
    ['another value', input({ a: { enum: ['x'] } }), input({ a: { enum: ['x', 'y'] } })],
    ['another type', input({ a: text }), input({ a: { type: ['string', 'null'] } })],
    ['any number instead of an integer', input({ a: { type: 'integer' } }), input({ a: { type: 'number' } })],
    ['a wider bound', input({ a: { maxLength: 5 } }), input({ a: { maxLength: 6 } })],
    ['a lower least value', input({ a: { minimum: 5 } }), input({ a: { minimum: 1 } })],
    ['a bound that is gone', input({ a: { pattern: '^x' } }), input({ a: {} })],
    ['an alternative', input({ a: { anyOf: [text] } }), input({ a: { anyOf: [text, { type: 'null' }] } })],
    ['the place of an argument', tool(), tool({ http: { ...tool().http, path: '/v3/contacts/{email}' } })],
    ['a promise to repeat', tool({ effect: { class: 'opaque' } }), tool({ effect: { class: 'idempotent' } })],
    ['more time', tool(), tool({ timeout_ms: 9_000 })],
    ['larger answers', tool(), tool({ max_response_bytes: 500_000 })],
    [
      'a member of the answer',
      output({ properties: { a: text } }),
      output({ properties: { a: text, b: text } }),
    ],
    ['a former name', tool(), tool({ aliases: ['crm_edit_contact'] })],
  ])('is compatible: %s', (_, before, after) => {
    expect(kindOf(before, after)).toBe('compatible');
  });

  it.each<[string, UnversionedTool, UnversionedTool]>([
    ['an argument that is gone', input({ a: text, b: text }), input({ a: text })],
    ['a new required argument', input({ a: text }), input({ a: text, b: text }, { required: ['b'] })],
    ['an argument that is required now', input({ a: text }), input({ a: text }, { required: ['a'] })],
    ['a value that is gone', input({ a: { enum: ['x', 'y'] } }), input({ a: { enum: ['x'] } })],
    ['a type that is gone', input({ a: { type: ['string', 'null'] } }), input({ a: text })],
    ['a list of values instead of any value', input({ a: text }), input({ a: { ...text, enum: ['x'] } })],
    ['a tighter bound', input({ a: { maxItems: 5 } }), input({ a: { maxItems: 4 } })],
    ['a pattern', input({ a: text }), input({ a: { ...text, pattern: '^x' } })],
    [
      'an alternative that is gone',
      input({ a: { anyOf: [text, { type: 'null' }] } }),
      input({ a: { anyOf: [text] } }),
    ],
    [
      'a keyword that cannot be compared',
      input({ a: { not: text } }),
      input({ a: { not: { type: 'null' } } }),
    ],
    ['a weaker promise', tool(), tool({ effect: { class: 'opaque' } })],
    [
      'a write instead of a read',
      tool({ effect: { class: 'read' } }),
      tool({ effect: { class: 'idempotent' } }),
    ],
    ['another server', tool(), tool({ provider: { slug: 'crm', base_url: 'https://other.example.com' } })],
    ['a member of the answer that is gone', output({ properties: { a: text } }), output({ properties: {} })],
    [
      'a member of the answer that may be absent',
      output({ properties: { a: text }, required: ['a'] }),
      output({ properties: { a: text } }),
    ],
    [
      'an answer with another alternative',
      output({ anyOf: [{ type: 'string' }] }),
      output({ anyOf: [{ type: 'string' }, { type: 'integer' }] }),
    ],
    ['an answer without its alternatives', output({ anyOf: [{ type: 'string' }] }), output({})],
    [
      'an answer with another rule that cannot be judged',
      output({ not: { required: ['a'] } }),
      output({ not: { required: ['b'] } }),
    ],
    ['an answer of another type', output({ type: 'string' }), output({ type: ['string', 'null'] })],
    ['a former name that is gone', tool({ aliases: ['x'] }), tool()],
    [
      'another scope',
      tool({ security: [[{ scheme: 'o', kind: 'oauth2', scopes: ['read'] }]] }),
      tool({ security: [[{ scheme: 'o', kind: 'oauth2', scopes: ['read', 'write'] }]] }),
    ],
  ])('is breaking: %s', (_, before, after) => {
    expect(kindOf(before, after)).toBe('breaking');
  });

  it('is found through references, also circular ones', () => {
    const tree = (label: unknown): UnversionedTool =>
      input(
        { root: { $ref: '#/$defs/node' } },
        {
          $defs: {
            node: {
              type: 'object',
              properties: { label, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
            },
          },
        },
      );
    expect(compareTools(tree(text), tree({ type: ['string', 'null'] }))).toEqual([
      {
        kind: 'compatible',
        pointer: '/input/properties/root/properties/label/type',
        message: 'may be null now',
      },
    ]);
    expect(compareTools(tree(text), tree(text))).toEqual([]);
  });

  it.each<[string, (reference: object) => Record<string, unknown>]>([
    ['the items of a list', (reference) => ({ list: { type: 'array', items: reference } })],
    ['an alternative', (reference) => ({ one: { anyOf: [reference, { type: 'null' }] } })],
    ['further members', (reference) => ({ map: { type: 'object', additionalProperties: reference } })],
    ['a forbidden schema', (reference) => ({ one: { not: reference } })],
  ])('is found if only the target of a reference differs: %s', (_, properties) => {
    const of = (part: object): UnversionedTool =>
      input(properties({ $ref: '#/$defs/part' }), { $defs: { part } });
    expect(kindOf(of({ enum: ['a', 'b'] }), of({ enum: ['a'] }))).toBe('breaking');
    expect(kindOf(of({ enum: ['a'] }), of({ enum: ['a'] }))).toBeUndefined();
  });

  it.each<[string, object, object, string | undefined]>([
    ['words', { description: 'Theirs.' }, { description: 'Ours.' }, 'text'],
    ['new words', {}, { description: 'Ours.' }, 'text'],
    ['a rule that the target does not have', {}, { maxLength: 3 }, 'breaking'],
    ['a rule that is gone', { maxLength: 3 }, {}, 'compatible'],
    ['fewer values than the target takes', {}, { enum: ['a'] }, 'breaking'],
    ['fewer values than before', { enum: ['a', 'b'] }, { enum: ['a'] }, 'breaking'],
    ['a closed object beside it', { type: 'object' }, { additionalProperties: false }, 'breaking'],
    ['the same', { enum: ['a'], description: 'X' }, { enum: ['a'], description: 'X' }, undefined],
  ])('is found in members beside a reference: %s', (_, before, after, kind) => {
    const of = (beside: object): UnversionedTool =>
      input(
        { one: { $ref: '#/$defs/part', ...beside } },
        { $defs: { part: { enum: ['a', 'b'], type: 'string' } } },
      );
    expect(kindOf(of(before), of(after))).toBe(kind);
  });

  it('is found in the target of a reference with members beside it', () => {
    const of = (part: object): UnversionedTool =>
      input({ one: { $ref: '#/$defs/part', enum: ['a'], description: 'X' } }, { $defs: { part } });
    expect(kindOf(of({ enum: ['a', 'b'] }), of({ enum: ['b'] }))).toBe('breaking');
    expect(kindOf(of({ description: 'Y' }), of({ description: 'Z' }))).toBeUndefined();
    expect(kindOf(of({ title: 'Y' }), of({ title: 'Z' }))).toBe('text');
  });

  it('is found behind a reference into the arguments, and behind a dangling one', () => {
    const of = ($ref: string): UnversionedTool => input({ a: text, b: { type: 'number' }, c: { $ref } });
    expect(kindOf(of('#/properties/a'), of('#/properties/b'))).toBe('breaking');
    expect(kindOf(of('#/nowhere'), of('#/elsewhere'))).toBe('breaking');
    expect(kindOf(of('#/nowhere'), of('#/nowhere'))).toBeUndefined();
  });

  it('is found in required names without a description', () => {
    const of = (...required: string[]): UnversionedTool =>
      input({}, { required, additionalProperties: true });
    expect(kindOf(of(), of('a'))).toBe('breaking');
    expect(kindOf(of('a'), of())).toBe('compatible');
    const told = (...required: string[]): UnversionedTool => output({ type: 'object', required });
    expect(kindOf(told('a'), told())).toBe('breaking');
    expect(kindOf(told(), told('a'))).toBe('compatible');
  });

  it('is found in an alternative that stays beside a new one', () => {
    const of = (part: object, ...more: object[]): UnversionedTool =>
      input({ one: { anyOf: [{ $ref: '#/$defs/part' }, ...more] } }, { $defs: { part } });
    expect(kindOf(of({ enum: ['a', 'b'] }), of({ enum: ['a'] }, { type: 'null' }))).toBe('breaking');
    expect(kindOf(of({ enum: ['a'] }), of({ enum: ['a'] }, { type: 'null' }))).toBe('compatible');
  });

  it('is bounded in work for schemas that double at every level', () => {
    const bomb = (leaf: unknown): UnversionedTool => {
      const $defs: Record<string, unknown> = { d40: leaf };
      for (let level = 0; level < 40; level += 1) {
        const next = { $ref: `#/$defs/d${level + 1}` };
        $defs[`d${level}`] = { type: 'object', properties: { a: next, b: next } };
      }
      return input({ root: { $ref: '#/$defs/d0' } }, { $defs });
    };
    expect(kindOf(bomb(text), bomb({ type: 'number' }))).toBe('breaking');
  });
});

describe('nextVersion', () => {
  it('shows the kind of the change', () => {
    const next = (kind: 'text' | 'compatible' | 'breaking'): string =>
      nextVersion('1.4.2', [{ kind, pointer: '', message: '' }]);
    expect([next('text'), next('compatible'), next('breaking')]).toEqual(['1.4.3', '1.5.0', '2.0.0']);
  });
});

import type { ArgumentCondition } from '@action-mesh/contracts/auth-broker';
import * as fc from 'fast-check';

import { compileCondition } from './argument-condition.js';
import { sampleFacts, samplePolicy } from './policy-samples.fake.js';
import { PolicySet } from './policy-set.js';
import { WorkBudget } from './work-budget.js';

function meets(args: unknown, condition: ArgumentCondition): boolean {
  return compileCondition(condition)(args, new WorkBudget());
}

const at = '/value';

describe('an argument condition', () => {
  it.each<[string, unknown, Record<string, unknown>, boolean]>([
    ['equals', 'a', { value: 'a' }, true],
    ['equals', 'a', { value: 'A' }, false],
    ['equals', 1, { value: 1 }, true],
    ['equals', 0, { value: -0 }, true],
    ['equals', 1, { value: '1' }, false],
    ['equals', null, { value: null }, true],
    ['equals', null, {}, false],
    ['equals', 'a', { value: ['a'] }, false],
    ['not_equals', 'a', { value: 'b' }, true],
    ['not_equals', 'a', { value: 'a' }, false],
    ['not_equals', 'a', {}, true],
    ['in', ['a', 1], { value: 1 }, true],
    ['in', ['a', 1], { value: '1' }, false],
    ['not_in', ['a', 1], { value: 'b' }, true],
    ['not_in', ['a', 1], { value: 'a' }, false],
    ['starts_with', 'ab', { value: 'abc' }, true],
    ['starts_with', 'ab', { value: 'xab' }, false],
    ['starts_with', 'ab', { value: ['ab'] }, false],
    ['ends_with', '@example.com', { value: 'bob@example.com' }, true],
    ['ends_with', '@example.com', { value: 'bob@example.com.evil.example' }, false],
    ['contains', 'b', { value: 'abc' }, true],
    ['contains', 'b', { value: ['a', 'b'] }, true],
    ['contains', 'b', { value: ['ab'] }, false],
    ['contains', 1, { value: ['1', 1] }, true],
    ['contains', 1, { value: '1' }, false],
    ['contains', 'b', { value: { b: 1 } }, false],
    ['not_contains', 'b', { value: 'ac' }, true],
    ['not_contains', 'b', {}, true],
    ['less_than', 100, { value: 99.99 }, true],
    ['less_than', 100, { value: 100 }, false],
    ['less_than', 100, { value: '99' }, true],
    ['less_than', 100, { value: '1e2' }, false],
    ['less_than', 100, { value: 'few' }, false],
    ['less_than', 100, { value: '' }, false],
    ['less_than', 100, { value: true }, false],
    ['less_than', 100, {}, false],
    ['greater_than', 100, { value: '100.00000000000000000001' }, true],
    ['greater_than', '90071992547409931', { value: '90071992547409932' }, true],
    ['greater_than', '90071992547409932', { value: '90071992547409931' }, false],
    ['greater_than', -5, { value: -4 }, true],
    ['greater_than', 0, { value: '-1e999999' }, false],
    ['exists', undefined, { value: 0 }, true],
    ['exists', undefined, { value: null }, false],
    ['exists', undefined, {}, false],
    ['absent', undefined, {}, true],
    ['absent', undefined, { value: null }, true],
    ['absent', undefined, { value: '' }, false],
  ])('%s %j of %j is %s', (op, value, args, expected) => {
    const condition = { pointer: at, op, ...(value === undefined ? {} : { value }) } as ArgumentCondition;
    expect(meets(args, condition)).toBe(expected);
  });

  it.each([
    ['every', ['a@example.com', 'b@example.com'], true],
    ['every', ['a@example.com', 'eve@evil.example'], false],
    ['every', ['a@example.com', 7], false],
    ['every', [], false],
    ['every', 'a@example.com', false],
    ['any', ['eve@evil.example', 'a@example.com'], true],
    ['any', [], false],
    ['any', { 0: 'a@example.com' }, false],
  ] as const)('on %s item of %j is %s', (items, value, expected) => {
    expect(meets({ value }, { pointer: at, items, op: 'ends_with', value: '@example.com' })).toBe(expected);
  });

  it.each([
    ['/a~1b', { 'a/b': 1 }, true],
    ['/a~0b', { 'a~b': 1 }, true],
    ['/~01', { '~1': 1 }, true],
    ['/', { '': 1 }, true],
    ['/a/1', { a: ['x', 'y'] }, true],
    ['/a/2', { a: ['x', 'y'] }, false],
    ['/a/01', { a: ['x', 'y'] }, false],
    ['/a/-', { a: ['x'] }, false],
    ['/a/length', { a: ['x'] }, false],
    ['/a/1e0', { a: ['x', 'y'] }, false],
    ['/a/99999999999999999999', { a: ['x'] }, false],
    ['/a/0', { a: 'text' }, false],
    ['/a/length', { a: 'text' }, false],
    ['/__proto__', {}, false],
    ['/__proto__/toString', {}, false],
    ['/constructor/name', {}, false],
    ['/a/map', { a: [] }, false],
    ['/*', { a: 1 }, false],
    ['/a', null, false],
    ['/a', 'text', false],
    ['/a', undefined, false],
  ])('at %s of %j finds a value: %s', (pointer, args, expected) => {
    expect(meets(args, { pointer, op: 'exists' })).toBe(expected);
  });

  it('never throws, for any arguments and any pointer', () => {
    const pointer = fc
      .array(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', '-', '')), {
        minLength: 1,
      })
      .map((names) => names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
    fc.assert(
      fc.property(fc.jsonValue(), pointer, fc.jsonValue(), fc.integer(), (args, place, json, bound) => {
        const conditions = [
          { op: 'exists' },
          { op: 'equals', value: json },
          { op: 'contains', value: json },
          { op: 'less_than', value: bound },
          { op: 'greater_than', value: `${bound}.5` },
          { op: 'ends_with', value: 'x' },
        ];
        for (const described of conditions) {
          const condition = { ...described, pointer: place } as ArgumentCondition;
          expect(typeof meets(args, condition)).toBe('boolean');
          expect(typeof meets(args, { ...condition, items: 'any' } as ArgumentCondition)).toBe('boolean');
        }
      }),
    );
  });
});

describe('arguments that are costly to compare', () => {
  const tags = Array.from({ length: 20_000 }, (_, index) => `tag-${index}`);
  const costly = (id: string, more: object = {}) =>
    samplePolicy(id, {
      decision: 'allow',
      match: {
        arguments: Array.from({ length: 20 }, () => ({
          pointer: '/tags',
          op: 'not_contains' as const,
          value: 'x',
        })),
      },
      ...more,
    });

  it('end with a denial that names the cause (PO5)', () => {
    const policies = new PolicySet();
    policies.put(costly('one'));
    const facts = sampleFacts({ arguments: { tags } });
    expect(policies.decide(facts)).toMatchObject({
      decision: 'deny',
      explained: expect.stringContaining('too large to compare') as string,
    });
    expect(policies.decide(facts).rule).toBeUndefined();
    expect(policies.matching(facts)).toBeUndefined();
    expect(policies.decide(sampleFacts({ arguments: { tags: tags.slice(0, 1_000) } })).decision).toBe(
      'allow',
    );
  });

  it('cost nothing where a rule of another user names them', () => {
    const policies = new PolicySet();
    const { match } = costly('one');
    policies.put(costly('one', { match: { ...match, user_id: 'bob' } }));
    expect(policies.decide(sampleFacts({ arguments: { tags } })).decision).toBe('allow');
  });
});

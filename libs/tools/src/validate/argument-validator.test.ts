import type { Tool } from '@action-mesh/contracts/catalog';
import { z } from 'zod';
import { processorMsSince } from '@action-mesh/testing';

import { ArgumentValidator, type ValidationResult } from './argument-validator.js';
import type { ArgumentProblem } from './argument-problem.js';

function validatorOf(schema: z.ZodType): ArgumentValidator {
  return new ArgumentValidator({
    input: z.toJSONSchema(schema, { io: 'input' }) as Record<string, z.core.util.JSONType>,
  });
}

function problemsOf(result: ValidationResult): readonly ArgumentProblem[] {
  return result.ok ? [] : result.problems;
}

const lead = validatorOf(
  z.strictObject({
    email: z.email(),
    stage: z.enum(['new', 'qualified', 'customer']).default('new'),
    score: z.int().min(0).max(100).optional(),
    tags: z.array(z.string()).optional(),
    address: z.strictObject({ city: z.string(), country_code: z.string().regex(/^[A-Z]{2}$/) }).optional(),
  }),
);

describe('ArgumentValidator', () => {
  it('accepts arguments that fit the schema', () => {
    expect(lead.validate({ email: 'ada@example.com', score: 3, tags: [] })).toEqual({ ok: true });
  });

  it('changes nothing: no default is filled in, nothing is coerced or removed (A1)', () => {
    const args = Object.freeze({ email: 'ada@example.com' });
    expect(lead.validate(args)).toEqual({ ok: true });
    expect(args).toEqual({ email: 'ada@example.com' });
    expect(problemsOf(lead.validate({ email: 'ada@example.com', score: '3' }))).toEqual([
      { pointer: '/score', message: 'must be of type integer', expected: 'integer', given: 'string' },
    ]);
  });

  it('reports missing arguments with the required type', () => {
    expect(problemsOf(lead.validate({}))).toEqual([
      { pointer: '/email', message: 'is required and missing', expected: 'string (email)' },
    ]);
  });

  it('suggests the nearest name', () => {
    expect(problemsOf(lead.validate({ email: 'ada@example.com', tag: ['x'] }))).toEqual([
      {
        pointer: '/tag',
        message: 'is not a known name here; did you mean "tags"?',
        expected: 'one of "email", "stage", "score", "tags", "address"',
      },
    ]);
  });

  it('never suggests a name that is already given', () => {
    const [problem] = problemsOf(lead.validate({ email: 'ada@example.com', tags: [], tagz: [] }));
    expect(problem?.message).toBe('is not a known name here');
  });

  it('suggests the nearest value', () => {
    expect(problemsOf(lead.validate({ email: 'ada@example.com', stage: 'Qualifed' }))).toEqual([
      {
        pointer: '/stage',
        message: 'must be one of the allowed values; did you mean "qualified"?',
        expected: 'one of "new", "qualified", "customer"',
        given: '"Qualifed"',
      },
    ]);
  });

  it('reports all problems of ordinary arguments together, each with its pointer', () => {
    const result = lead.validate({
      email: 'nobody',
      score: 101,
      tags: ['a', 2],
      address: { city: 'Berlin', country_code: 'germany' },
    });
    expect(problemsOf(result).map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
      '/email must be a valid email',
      '/score must be <= 100',
      '/tags/1 must be of type string',
      '/address/country_code must match the pattern ^[A-Z]{2}$',
    ]);
  });

  it('writes RFC 6901 pointers', () => {
    const odd = validatorOf(z.strictObject({ 'a/b': z.strictObject({ 'c~d': z.string() }) }));
    expect(problemsOf(odd.validate({ 'a/b': { 'c~d': 1 } }))[0]?.pointer).toBe('/a~1b/c~0d');
    expect(problemsOf(odd.validate({ 'a/b': {} }))[0]?.pointer).toBe('/a~1b/c~0d');
  });

  it.each([null, undefined, 'text', 7, []])('refuses %j, which has no names', (args) => {
    expect(lead.validate(args).ok).toBe(false);
  });

  it('does not count inherited members as given', () => {
    expect(lead.validate(Object.create({ email: 'ada@example.com' })).ok).toBe(false);
  });

  it('shortens long values and does not print large ones', () => {
    const [problem] = problemsOf(lead.validate({ email: 'x'.repeat(10_000) }));
    expect(problem?.given?.length).toBeLessThan(120);
  });
});

describe('a value that matches no branch of a union', () => {
  const notify = validatorOf(
    z.strictObject({
      target: z.union([
        z.strictObject({ kind: z.literal('channel'), channel: z.string(), thread: z.string().optional() }),
        z.strictObject({ kind: z.literal('user'), user: z.string() }),
        z.string(),
      ]),
    }),
  );

  it('is judged by the branch with its tag', () => {
    expect(problemsOf(notify.validate({ target: { kind: 'user', usr: 'ada' } }))).toEqual([
      { pointer: '/target/user', message: 'is required and missing', expected: 'string' },
      {
        pointer: '/target/usr',
        message: 'is not a known name here; did you mean "user"?',
        expected: 'one of "kind", "user"',
      },
    ]);
  });

  it("gets the union's error if it is near to no branch", () => {
    expect(problemsOf(notify.validate({ target: 7 }))).toEqual([
      { pointer: '/target', message: 'must match one of the allowed forms', given: '7' },
    ]);
  });
});

describe('a union of references', () => {
  const tagged = (tag: unknown, names: readonly string[]) => ({
    type: 'object',
    properties: { kind: tag, ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])) },
    required: ['kind', ...names],
    additionalProperties: false,
  });

  function payment(tagOf: (value: string) => unknown): ArgumentValidator {
    const $defs = {
      Card: {
        ...tagged(tagOf('card'), ['number', 'exp', 'cvc']),
        properties: {
          ...tagged(tagOf('card'), ['number', 'exp', 'cvc']).properties,
          address: { $ref: '#/$defs/Address' },
        },
      },
      Bank: tagged(tagOf('bank'), ['iban']),
      Address: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    };
    const pay = { oneOf: [{ $ref: '#/$defs/Card' }, { $ref: '#/$defs/Bank' }] };
    return new ArgumentValidator({ input: { type: 'object', properties: { pay }, $defs } as Tool['input'] });
  }

  const pointersOf = (result: ValidationResult) => problemsOf(result).map(({ pointer }) => pointer);

  it.each<[string, (value: string) => unknown]>([
    ['a constant', (value) => ({ const: value })],
    ['a choice of one', (value) => ({ enum: [value] })],
  ])('is judged by the branch with its tag, with the tag %s', (_, tagOf) => {
    const card = { kind: 'card', number: '42', exp: '1' };
    expect(problemsOf(payment(tagOf).validate({ pay: card }))).toEqual([
      { pointer: '/pay/cvc', message: 'is required and missing', expected: 'string' },
    ]);
    expect(pointersOf(payment(tagOf).validate({ pay: { ...card, address: {} } }))).toEqual([
      '/pay/cvc',
      '/pay/address/city',
    ]);
    // The other branch has fewer errors.
    expect(pointersOf(payment(tagOf).validate({ pay: { kind: 'card' } }))).toEqual([
      '/pay/number',
      '/pay/exp',
      '/pay/cvc',
    ]);
  });

  it('is judged by its branch in large arguments too', () => {
    const pay = { kind: 'card', number: '42', exp: '1', more: Array.from({ length: 3_000 }, () => 1) };
    expect(pointersOf(payment((value) => ({ const: value })).validate({ pay }))).toEqual(['/pay/cvc']);
  });

  it('is judged by the one branch that is not null', () => {
    const nullable = new ArgumentValidator({
      input: {
        type: 'object',
        properties: { to: { anyOf: [{ $ref: '#/$defs/Address' }, { type: 'null' }] } },
        $defs: {
          Address: {
            type: 'object',
            properties: { street: {} },
            required: ['street'],
            additionalProperties: false,
          },
        },
      },
    });
    expect(pointersOf(nullable.validate({ to: { stret: 'x' } }))).toEqual(['/to/street', '/to/stret']);
    expect(problemsOf(nullable.validate({ to: 5 }))).toEqual([
      { pointer: '/to', message: 'must match one of the allowed forms', given: '5' },
    ]);
  });
});

describe('hostile arguments', () => {
  const list = validatorOf(z.strictObject({ items: z.array(z.int()) }));

  it('get at most twenty problems (A2)', () => {
    expect(problemsOf(list.validate({ items: Array.from({ length: 1_000 }, () => 'x') }))).toHaveLength(20);
  });

  it('get only the first problem if they are large (A2)', () => {
    expect(problemsOf(list.validate({ items: Array.from({ length: 5_000 }, () => 'x') }))).toHaveLength(1);
  });
});

describe('a schema with multiplying alternatives (A2)', () => {
  const leaf = { type: 'object', properties: { k: { type: 'string' } }, required: ['k'] };

  /** Each definition refers twice to the one below it, so one value takes 2^levels steps. */
  function tower(levels: number): ArgumentValidator {
    const $defs: Record<string, unknown> = { d0: leaf };
    for (let level = 1; level <= levels; level += 1) {
      const below = { $ref: `#/$defs/d${level - 1}` };
      $defs[`d${level}`] = { anyOf: [below, below] };
    }
    return new ArgumentValidator({
      input: { type: 'object', properties: { a: { $ref: `#/$defs/d${levels}` } }, $defs } as Tool['input'],
    });
  }

  /** Two alternatives check each level of the value, so it takes 2^depth steps. */
  const tree = new ArgumentValidator({
    input: {
      type: 'object',
      properties: { root: { $ref: '#/$defs/node' } },
      $defs: {
        node: {
          anyOf: ['x', 'y'].map((name) => ({
            type: 'object',
            properties: { next: { $ref: '#/$defs/node' }, [name]: { type: 'string' } },
          })),
        },
      },
    },
  });

  const nested = (depth: number, innermost: unknown): unknown =>
    depth === 0 ? innermost : { next: nested(depth - 1, innermost) };

  it.each([14, 20, 40])('is stopped in time, %i levels high', (levels) => {
    const before = process.cpuUsage();
    const result = tower(levels).validate({ a: { z: 1 } });
    expect(result.ok).toBe(false);
    expect(tower(levels).validate({ a: { k: 'x' } })).toEqual({ ok: true });
    expect(processorMsSince(before)).toBeLessThan(3_000);
  });

  it('is stopped in time if the arguments are deep', () => {
    const before = process.cpuUsage();
    expect(tree.validate({ root: nested(60, 7) })).toEqual({
      ok: false,
      problems: [
        expect.objectContaining({
          pointer: '',
          message: expect.stringContaining('too much work') as unknown,
        }),
      ],
    });
    expect(tree.validate({ root: nested(60, {}) })).toEqual({ ok: true });
    expect(processorMsSince(before)).toBeLessThan(3_000);
  });

  it('still gets its errors if it is small', () => {
    const result = tower(3).validate({ a: { z: 1 } });
    expect(result.ok ? [] : result.problems.map(({ pointer }) => pointer)).toEqual(['/a/k']);
  });
});

import { collapsedInput } from '../collapsed-input.js';
import { ArgumentValidator } from '../validate/argument-validator.js';
import { shownCost } from './collapse.js';

const words = (count: number) => 'Says in many words what it is for. '.repeat(count);
const text = (count = 8) => ({ type: 'string', description: words(count) });
const members = (count: number, size = 8) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, text(size)]));

function large() {
  return {
    type: 'object',
    properties: {
      id: text(),
      config: { $ref: '#/$defs/Config' },
      order: {
        type: 'object',
        description: 'The order.',
        required: ['price'],
        properties: { price: text(), note: { type: 'object', properties: members(10) } },
      },
      tags: { type: 'array', items: { type: 'object', properties: members(20) } },
      small: { type: 'string' },
    },
    required: ['id', 'order'],
    additionalProperties: false,
    $defs: {
      Config: { type: 'object', required: ['deep'], properties: { deep: { $ref: '#/$defs/Deep' } } },
      Deep: { type: 'object', properties: members(20) },
    },
  };
}

describe('a tool that takes more tokens than the budget', () => {
  it('is collapsed at optional members until it fits, and shows the required ones', () => {
    const input = large();
    const { token_cost: cost, collapsed = [] } = shownCost('acme_do', 'Does it.', input);
    expect(cost).toBeLessThanOrEqual(2_000);
    expect(collapsed.length).toBeGreaterThan(0);
    const shown = collapsedInput(input, collapsed) as ReturnType<typeof large>;
    expect(shown.required).toEqual(['id', 'order']);
    expect(shown.properties.id).toEqual(input.properties.id);
    expect(shown.properties.order.properties.price).toEqual(input.properties.order.properties.price);
    expect(JSON.stringify(shown)).toContain('describe_tool');
    expect(shownCost('acme_do', 'Does it.', input)).toEqual({ token_cost: cost, collapsed });
  });

  it('shows a member that is required elsewhere in the same object', () => {
    const part = { properties: { a: { type: 'object', properties: members(40) } } };
    const input = {
      type: 'object',
      properties: { body: { allOf: [part, { required: ['a'] }] } },
      required: ['body'],
    };
    const { collapsed = [] } = shownCost('acme_do', 'Does it.', input);
    expect(collapsed.filter((pointer) => pointer.endsWith('/a'))).toEqual([]);
  });

  it('accepts in its collapsed form every value that the tool accepts', () => {
    const input = large();
    const { collapsed = [] } = shownCost('acme_do', 'Does it.', input);
    const shown = new ArgumentValidator({ input: collapsedInput(input, collapsed) as never });
    const args = {
      id: 'x',
      order: { price: 'p', note: { m1: 'x' } },
      config: { deep: { m1: 'x' } },
      tags: [{ m1: 'x' }],
    };
    expect(new ArgumentValidator({ input: input }).validate(args)).toEqual({ ok: true });
    expect(shown.validate(args)).toEqual({ ok: true });
  });

  it('is left whole if nothing is optional, if references lead elsewhere, or within the budget', () => {
    const required = { type: 'object', properties: members(60), required: Object.keys(members(60)) };
    expect(shownCost('a', 'b', required)).not.toHaveProperty('collapsed');
    const elsewhere = { ...large(), not: { $ref: '#/properties/config' } };
    expect(shownCost('a', 'b', elsewhere)).not.toHaveProperty('collapsed');
    expect(shownCost('a', 'b', { type: 'object', properties: members(3) })).not.toHaveProperty('collapsed');
  });

  it('leaves out definitions that no shown part refers to', () => {
    const shown = collapsedInput(large(), ['/properties/config', '/properties/nowhere']);
    expect(shown).not.toHaveProperty('$defs');
    expect(shown['properties']).toMatchObject({
      config: {
        type: 'object',
        description: '(collapsed: describe_tool with part "/properties/config" shows it)',
      },
    });
  });
});

import { draftOf } from './n8n-workflow.js';

const module = (id: number, name: string, mapper: object, rest: object = {}) => ({
  id,
  module: name,
  version: 1,
  parameters: {},
  mapper,
  ...rest,
});
const slack = (id: number, text: string, rest: object = {}) =>
  module(id, 'slack:CreateMessage', { channel: 'C1', text }, rest);
const scenario = (...rest: readonly object[]) =>
  draftOf(JSON.stringify({ name: 'Case', flow: [module(1, 'gateway:CustomWebHook', {}), ...rest] }));
const when = (b: string, o = 'text:equal') => ({
  filter: { name: b, conditions: [[{ a: '{{1.kind}}', o, b }]] },
});
const fallback = { filter: { name: 'otherwise', fallback: true } };
const router = (routes: readonly (readonly object[])[], rest: object = {}) =>
  scenario(module(2, 'builtin:BasicRouter', {}, { routes: routes.map((flow) => ({ flow })), ...rest }));

describe('the fallback route of a router', () => {
  const guard = "if (!(input?.kind === 'a') && !(input?.kind === 'b')) {";

  it('runs only when no other route does, wherever it stands', () => {
    const [a, b, other] = [[slack(3, 'a', when('a'))], [slack(4, 'b', when('b'))], [slack(5, 'o', fallback)]];
    for (const routes of [
      [a, b, other],
      [other, a, b],
      [a, other, b],
    ]) {
      expect(router(routes).code).toContain(guard);
    }
  });

  it('never runs beside a route without a filter', () => {
    const { code, node } = router([
      [slack(3, 'always')],
      [slack(4, 'other', fallback), slack(5, 'behind')],
      [slack(6, 'a', when('a'))],
    ]);
    expect(code).not.toContain("text: 'other'");
    expect(node('CreateMessage 4')).toMatchObject({
      state: 'dropped',
      notes: ['a fallback route beside a route without a filter never runs'],
    });
    expect(node('CreateMessage 5').state).toBe('dropped');
  });

  it('alone always runs', () => {
    expect(router([[slack(3, 'other', fallback)]]).code).not.toContain('if (');
  });

  it('that the router names by a number is left to a person', () => {
    const { code, node } = router([[slack(3, 'a', when('a'))], [slack(4, 'o')]], { parameters: { else: 1 } });
    expect(node('BasicRouter 2').state).toBe('manual');
    expect(code).toContain('todo(');
  });
});

describe('a pattern in a filter', () => {
  it.each([
    ['a/b', 'text:pattern', '/a\\/b/.test(toText(input?.kind))'],
    ['a\\/b', 'text:pattern', '/a\\/b/.test(toText(input?.kind))'],
    ['/a/g', 'text:pattern', '/\\/a\\/g/.test(toText(input?.kind))'],
    ['A', 'text:pattern:ci', '/A/i.test(toText(input?.kind))'],
    ['a', 'text:notpattern', '!/a/.test(toText(input?.kind))'],
  ])('%s by %s is %s', (pattern, operator, written) => {
    expect(scenario(slack(2, 'x', when(pattern, operator))).code).toContain(`if (!(${written}))`);
  });
});

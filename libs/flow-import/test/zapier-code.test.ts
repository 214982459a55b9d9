import { importFlow } from '../src/index.js';
import { zapierCodeText } from '../src/zapier/zapier-output.js';

const javaScript = '01929fad-d3dd-62c2-52ed-7868d5fcc691';
const python = '01929fad-d3f6-c57c-1b40-ef8691be1f86';

const zap = (code: string, action: string) => {
  const node = (id: number, parent_id: number | null, selected_api: string, rest: object) => ({
    id,
    parent_id,
    type_of: 'write',
    selected_api,
    meta: { stepTitle: `step ${id}` },
    params: {},
    ...rest,
  });
  const nodes = [
    node(1, null, 'WebHookCLIAPI@1.1.1', { action: 'hook_v2', type_of: 'read' }),
    node(2, 1, 'CodeCLIAPI@1.0.1', { action, params: { code, input: { name: '{{1__name}}' } } }),
    node(3, 2, 'SlackCLIAPI@1.48.0', {
      action: 'channel_message',
      params: { channel: 'C1', text: '{{2__a}}' },
    }),
  ];
  const text = JSON.stringify({
    metadata: { version: 2 },
    zaps: [{ id: 1, title: 'Case', nodes: Object.fromEntries(nodes.map((one) => [String(one.id), one])) }],
  });
  const { files, report } = importFlow({ text, name: 'x.json', catalogue: [] });
  return {
    code: files.find(({ path }) => path === 'case.code.ts')?.text ?? '',
    step: report.workflows[0]?.nodes.find(({ title }) => title === 'step 2'),
  };
};

describe('the variable `output` of a code step', () => {
  it.each([
    ['an assignment', 'output = { a: 1 };'],
    ['an assignment behind others', 'const a = 1; output = { a };'],
    ['a later change', 'output = { a: 1 };\noutput.b = 2;'],
    ['branches', 'if (inputData.name) output = { a: 1 }; else { output = { a: 2 }; }'],
    ['a member of a member', 'output = {}; output.a = {}; output.a.b = 1;'],
    ['a pattern', '[output] = [{ a: 1 }];'],
    ['a function within', 'const set = () => { output = { a: 1 }; }; set();'],
    ['an end without a semicolon', 'output = { a: 1 } // done'],
  ])('is the result after %s', (_form, source) => {
    expect(zapierCodeText(source).source).toBe(`let output;\n${source}\nreturn output;`);
    for (const action of [javaScript, 'run_javascript', '00000000-0000-4000-8000-000000000135']) {
      const { code, step } = zap(source, action);
      expect(code).toContain(`{\nlet output;\n${source}\nreturn output;\n}`);
      expect(step?.state).toBe('check');
    }
  });

  it('that the code declares itself is its result too', () => {
    for (const word of ['var', 'let', 'const']) {
      const source = `${word} output = { a: 1 };`;
      expect(zapierCodeText(source).source).toBe(`${source}\nreturn output;`);
    }
  });

  it('is no result where the code has no such name', () => {
    for (const source of ['return { output: 1 };', 'const f = (output) => output; return { a: f(1) };']) {
      expect(zapierCodeText(source).source).toBe(source);
    }
  });

  it('that may be a list is named', () => {
    for (const source of ['output = [{ a: 1 }];', 'output = inputData.rows;', 'return [{ a: 1 }];']) {
      expect(zap(source, javaScript).step?.hazards).toContain('items-n');
    }
    expect(zap('output = { a: [1] };', javaScript).step?.hazards).toEqual(['code']);
  });
});

describe('code in Python', () => {
  it.each([
    ["output = {'a': 7}", python],
    ["return {'a': 7}", 'run_python'],
    ["output = {'a': input_data['name']}", 'unknown'],
    ['import json\noutput = {}', 'unknown'],
  ])('is left to a person: %j by %s', (source, action) => {
    expect(zap(source, action).step).toMatchObject({ state: 'manual', notes: ['code in Python'] });
  });
});

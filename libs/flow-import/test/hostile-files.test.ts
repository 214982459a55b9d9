import { FlowImportError, importFlow } from '../src/index.js';
import { draftOf, hook, manual, workflowText, sends } from './n8n-workflow.js';

const read = (text: string) => importFlow({ text, name: 'x.json', catalogue: [] });
const sums = (text: string, nodes: number) => {
  const { translated, check, manual: left, dropped } = read(text).report.counts;
  expect(translated + check + left + dropped).toBe(nodes);
};

describe('a file that is no export', () => {
  it.each([
    ['empty', ''],
    ['truncated', '{"nodes":[{"name":"a"'],
    ['text', 'hello'],
    ['a list of numbers', '[1,2,3]'],
    ['null', 'null'],
    ['another product', '{"resourceType":"Bundle","entry":[]}'],
    ['no nodes', '{"nodes":[]' + ',"connections":[1]}'],
    ['nodes without types', '{"nodes":[{"name":"a"}],"connections":{}}'],
    ['nested strings', JSON.stringify({ response: JSON.stringify({ response: '{' }) })],
    ['a duplicated key', '{"flow":[],"flow":[{"id":1}]}'],
    ['a prototype key', '{"__proto__":{"flow":[]},"flow":[]}'],
    ['deep nesting', '['.repeat(200_000)],
  ])('is refused with a reason: %s', (_name, text) => {
    expect(() => read(text)).toThrow(FlowImportError);
  });

  it('is refused when it is too large', () => {
    expect(() => read(`{"nodes":["${'x'.repeat(16_000_001)}"]}`)).toThrow(FlowImportError);
  });

  it('is refused when it has too many nodes', () => {
    const nodes = Object.fromEntries(Array.from({ length: 3_001 }, (_, index) => [`n${index}`, sends('x')]));
    expect(() => read(workflowText(nodes, []))).toThrow(/3000 nodes/);
  });
});

describe('an export with wrong parts', () => {
  it('keeps one state for each node with wrong types everywhere', () => {
    const wrong = [null, 5, 'x', [], [[]], { a: null }];
    for (const parameters of wrong) {
      for (const type of [
        'if',
        'switch',
        'set',
        'merge',
        'code',
        'httpRequest',
        'slack',
        'wait',
        'splitInBatches',
        'respondToWebhook',
        'emailSend',
        'sort',
        'aggregate',
        'scheduleTrigger',
        'cron',
        'executeWorkflow',
      ]) {
        sums(
          workflowText({ Hook: hook, Node: { type, version: 3, parameters }, End: sends('x') }, [
            'Hook > Node',
            'Node > End',
          ]),
          3,
        );
      }
    }
    sums(
      JSON.stringify({
        nodes: [
          { type: 'n8n-nodes-base.webhook', position: 'x', parameters: 7, credentials: [], typeVersion: 'x' },
        ],
        connections: { a: 5, b: { main: [5, null, [null, { node: 7 }]] } },
      }),
      1,
    );
    sums(
      JSON.stringify({
        flow: [null, 5, { id: 1 }, { id: 1, module: 'a:b', mapper: 5, routes: 5, onerror: [{}], filter: 7 }],
      }),
      5,
    );
    sums(
      JSON.stringify({
        zaps: [
          { nodes: { a: null, b: { parent_id: 'b', params: 5 }, c: { parent_id: null, selected_api: 5 } } },
        ],
      }),
      3,
    );
  });

  it('with two nodes of one name leaves the second to a person', () => {
    const text = JSON.parse(workflowText({ Start: manual, A: sends('x') }, ['Start > A'])) as {
      nodes: object[];
    };
    text.nodes.push({ ...text.nodes[1] });
    sums(JSON.stringify(text), 3);
    expect(read(JSON.stringify(text)).report.counts.manual).toBe(1);
  });

  it('with names of prototypes finds only what the file has', () => {
    sums(
      workflowText(
        {
          constructor: manual,
          toString: sends("={{ $('hasOwnProperty').item.json.x }}"),
          valueOf: { type: 'constructor', version: 1 },
        },
        ['constructor > toString', 'toString > valueOf'],
      ),
      3,
    );
    const { node } = draftOf(
      workflowText({ Hook: hook, Send: sends('={{ $json.constructor.constructor("return 1")() }}') }, [
        'Hook > Send',
      ]),
    );
    expect(node('Send').state).toBe('manual');
  });

  it('with text that looks like code stays text', () => {
    const { code } = draftOf(
      workflowText(
        { Hook: hook, "'); process.exit(1); ('": sends("'); process.exit(1); ('\u2028`${process.exit(1)}`") },
        ["Hook > '); process.exit(1); ('"],
      ),
    );
    expect(code).toContain("text: '\\'); process.exit(1); (\\'\\u2028`${process.exit(1)}`'");
  });
});

describe('time', () => {
  const elapsed = (text: string): number => {
    const start = performance.now();
    read(text);
    return performance.now() - start;
  };
  const chain = (length: number, type: (index: number) => ReturnType<typeof sends>): string => {
    const names = Array.from({ length }, (_, index) => `n${index}`);
    const nodes = Object.fromEntries(names.map((name, index) => [name, type(index)]));
    return workflowText({ Hook: hook, ...nodes }, [
      'Hook > n0',
      ...names.slice(1).map((name, index) => `n${index} > ${name}`),
    ]);
  };

  it('is bounded for chains, ladders of diamonds and complete graphs', () => {
    expect(elapsed(chain(2_900, () => sends('={{ $json.a }}')))).toBeLessThan(10_000);
    const rungs = 300;
    const ladder: Record<string, ReturnType<typeof sends>> = {};
    const edges: string[] = ['Hook > a0'];
    for (let rung = 0; rung < rungs; rung += 1) {
      ladder[`a${rung}`] = sends('a');
      ladder[`b${rung}`] = sends('b');
      ladder[`c${rung}`] = sends('c');
      edges.push(
        `a${rung} > b${rung}`,
        `a${rung} > c${rung}`,
        `b${rung} > a${rung + 1}`,
        `c${rung} > a${rung + 1}`,
      );
    }
    ladder[`a${rungs}`] = sends('end');
    const text = workflowText({ Hook: hook, ...ladder }, edges);
    expect(elapsed(text)).toBeLessThan(10_000);
    sums(text, rungs * 3 + 2);
    const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
    const complete = workflowText(
      { Hook: hook, ...Object.fromEntries(names.map((name) => [name, sends('x')])) },
      ['Hook > n0', ...names.flatMap((a) => names.map((b) => `${a} > ${b}`))],
    );
    expect(elapsed(complete)).toBeLessThan(10_000);
    sums(complete, 61);
  });

  it('is linear in the length of expressions and of texts that look like secrets', () => {
    const long = [
      '{{'.repeat(200_000),
      '{{ $json.a }}'.repeat(20_000),
      `={{ ${'('.repeat(9_000)}`,
      `={{ ${'a.'.repeat(9_000)}a }}`,
      `={{ ${'!'.repeat(9_000)}a }}`,
      'eyJ'.repeat(200_000),
      'eyJ-'.repeat(500_000),
      'https://a:'.repeat(50_000),
      'password="'.repeat(50_000),
      '?key='.repeat(100_000),
      '-----BEGIN '.repeat(50_000),
    ];
    for (const text of long) {
      expect(elapsed(workflowText({ Hook: hook, Send: sends(text) }, ['Hook > Send']))).toBeLessThan(5_000);
      expect(
        elapsed(
          JSON.stringify({
            flow: [{ id: 1, module: 'slack:CreateMessage', mapper: { channel: 'C', text } }],
          }),
        ),
      ).toBeLessThan(5_000);
    }
  });
});

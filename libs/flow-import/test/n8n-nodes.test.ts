import { condition, draftOf, hook, manual, workflowText, sends } from './n8n-workflow.js';

const list = { type: 'code', version: 2, parameters: { jsCode: 'return [{ a: 1 }, { a: 2 }];' } };

describe('If', () => {
  it('with one filled output is a guard', () => {
    const { code } = draftOf(
      workflowText(
        {
          Hook: hook,
          If: { type: 'if', version: 2.2, parameters: condition('={{ $json.body.vip }}', 'boolean', 'true') },
          Yes: sends('vip'),
        },
        ['Hook > If', 'If > Yes'],
      ),
    );
    expect(code).toContain(
      "if (!(input?.vip === true)) return run.end('If');\nawait run.call('yes', slack_send_message",
    );
  });

  it('with only its second output filled is the opposite guard', () => {
    const { code } = draftOf(
      workflowText(
        {
          Hook: hook,
          If: { type: 'if', version: 2.2, parameters: condition('={{ $json.body.vip }}', 'boolean', 'true') },
          No: sends('x'),
        },
        ['Hook > If', 'If 1 > No'],
      ),
    );
    expect(code).toContain("if (!(!(input?.vip === true))) return run.end('If');");
  });

  it('joins at the first node that both branches reach', () => {
    const { code, node } = draftOf(
      workflowText(
        {
          Hook: hook,
          If: { type: 'if', version: 2.2, parameters: condition('={{ $json.body.n }}', 'number', 'gt', 5) },
          Big: {
            type: 'set',
            version: 3.4,
            parameters: { assignments: { assignments: [{ name: 'size', type: 'string', value: 'big' }] } },
          },
          Small: {
            type: 'set',
            version: 3.4,
            parameters: { assignments: { assignments: [{ name: 'size', type: 'string', value: 'small' }] } },
          },
          Send: sends('={{ $json.size }}'),
        },
        ['Hook > If', 'If > Big', 'If 1 > Small', 'Big > Send', 'Small > Send'],
      ),
    );
    expect(code).toContain(
      [
        'let afterIf: Dynamic;',
        'if (toNumber(input?.n) > 5) {',
        "const big: Dynamic = { size: 'big' };",
        'afterIf = big;',
        '} else {',
        "const small: Dynamic = { size: 'small' };",
        'afterIf = small;',
        '}',
        "await run.call('send', slack_send_message, { channel: 'C1', text: afterIf?.size });",
      ].join('\n'),
    );
    expect(node('Send').state).toBe('check');
  });

  it('of version 1 compares numbers by "smaller" where the file leaves the operation out', () => {
    const { code, node } = draftOf(
      workflowText(
        {
          Hook: hook,
          If: {
            type: 'if',
            version: 1,
            parameters: { conditions: { number: [{ value1: '={{ $json.body.n }}', value2: 5 }] } },
          },
          Yes: sends('x'),
        },
        ['Hook > If', 'If > Yes'],
      ),
    );
    expect(code).toContain('if (!(toNumber(input?.n) < 5))');
    expect(node('If').hazards).toEqual(['loose-types']);
  });

  it.each([
    ['string', 'sounds_like'],
    ['number', ''],
    ['object', 'equals'],
  ])('with the unknown operator %s %s is neither true nor false', (type, operation) => {
    const { code, node, result } = draftOf(
      workflowText(
        {
          Hook: hook,
          If: { type: 'if', version: 2, parameters: condition('={{ $json.body.a }}', type, operation, 'b') },
          Yes: sends('x'),
        },
        ['Hook > If', 'If > Yes'],
      ),
    );
    expect(code).toContain('if (!(todo(');
    expect(node('If').state).toBe('manual');
    expect(result.report.isComplete).toBe(false);
  });
});

describe('a condition on text', () => {
  const guard = (operation: string, pattern: string, caseSensitive = true) => {
    const parameters = condition('={{ $json.body.a }}', 'string', operation, pattern) as {
      conditions: { options: { caseSensitive: boolean } };
    };
    parameters.conditions.options.caseSensitive = caseSensitive;
    return draftOf(
      workflowText({ Hook: hook, If: { type: 'if', version: 2.2, parameters }, Yes: sends('x') }, [
        'Hook > If',
        'If > Yes',
      ]),
    );
  };

  it.each([
    ['https://a', '/https:\\/\\/a/'],
    ['https:\\/\\/a', '/https:\\/\\/a/'],
    ['/https:\\/\\/a/i', '/https:\\/\\/a/i'],
    ['/a/b', '/\\/a\\/b/'],
    ['^[/]$', '/^[/]$/'],
    ['a\\\\/b', '/a\\\\\\/b/'],
  ])('with the pattern %s is %s', (pattern, written) => {
    expect(guard('regex', pattern).code).toContain(`if (!(${written}.test(toText(input?.a)))) return`);
    expect(guard('notRegex', pattern).code).toContain(`if (!(!${written}.test(toText(input?.a)))) return`);
  });

  it('that ignores case has the text in lower case, and the pattern as it is', () => {
    expect(guard('regex', 'A', false).code).toContain('/A/.test(toText(input?.a).toLowerCase())');
  });

  it('with a pattern that is none is left to a person', () => {
    expect(guard('regex', '(').node('If').state).toBe('manual');
  });
});

describe('a condition on a date', () => {
  const guard = (rightValue: string) =>
    draftOf(
      workflowText(
        {
          Hook: hook,
          If: {
            type: 'if',
            version: 2.2,
            parameters: condition('={{ $json.body.at }}', 'dateTime', 'after', rightValue),
          },
          Yes: sends('x'),
        },
        ['Hook > If', 'If > Yes'],
      ),
    );

  it('compares instants', () => {
    expect(guard('2026-03-05T00:00:00+01:00').code).toContain(
      "if (!(toTime(input?.at) > toTime('2026-03-05T00:00:00+01:00'))) return",
    );
  });

  it.each(['2026-03-05T00:00:00', '01/02/2026', 'next week'])(
    'with %j, which names no instant, is left to a person',
    (text) => {
      expect(guard(text).node('If')).toMatchObject({
        state: 'manual',
        notes: ['a condition with a date without a time zone'],
      });
    },
  );
});

describe('an expression with a date', () => {
  it.each([
    ["={{ '01/02/2026'.toDateTime().toISO() }}"],
    ["={{ '2026-03-05T14:00:00'.toDateTime().format('yyyy') }}"],
    ["={{ new Date('March 5, 2026').getTime() }}"],
    ["={{ Date.parse('2026-03-05T14:00') }}"],
    ['={{ new Date(2026, 2, 5).getTime() }}'],
  ])('that names no instant is left to a person: %s', (text) => {
    const { node } = draftOf(workflowText({ Hook: hook, Send: sends(text) }, ['Hook > Send']));
    expect(node('Send').state).toBe('manual');
  });

  it.each([
    ["={{ new Date('2026-03-05').getTime() }}", "new Date(toTime('2026-03-05')).getTime()"],
    ['={{ new Date($json.body.at).getTime() }}', 'new Date(toTime(input?.at)).getTime()'],
    ['={{ $json.body.at.toDateTime().toMillis() }}', 'toTime(new Date(toTime(input?.at)))'],
  ])('stops the run at a value that is no instant: %s', (text, written) => {
    const { code } = draftOf(workflowText({ Hook: hook, Send: sends(text) }, ['Hook > Send']));
    expect(code).toContain(written);
  });
});

describe('Wait', () => {
  it('until a time takes one that names an instant', () => {
    const wait = (dateTime: string) =>
      draftOf(
        workflowText(
          {
            Hook: hook,
            Wait: { type: 'wait', version: 1.1, parameters: { resume: 'specificTime', dateTime } },
            Send: sends('x'),
          },
          ['Hook > Wait', 'Wait > Send'],
        ),
      );
    expect(wait('={{ $json.body.at }}').code).toContain(
      "await run.sleep('wait', new Date(toTime(input?.at)));",
    );
    expect(wait('2026-03-05T00:00:00').node('Wait').state).toBe('manual');
  });
});

describe('Filter', () => {
  it('over a list drops the items that do not fit', () => {
    const { code } = draftOf(
      workflowText(
        {
          Start: manual,
          List: list,
          Filter: { type: 'filter', version: 2, parameters: condition('={{ $json.a }}', 'number', 'gte', 2) },
          Sort: {
            type: 'sort',
            version: 1,
            parameters: { sortFieldsUi: { sortField: [{ fieldName: 'a', order: 'descending' }] } },
          },
          Send: sends('={{ $json.a }}'),
        },
        ['Start > List', 'List > Filter', 'Filter > Sort', 'Sort > Send'],
      ),
    );
    expect(code).toContain(
      [
        'const filterResults = kept(',
        "await run.each('each-filter', list, byIndex, async (listItem: Dynamic): Promise<Dynamic> => {",
        'if (!(toNumber(listItem?.a) >= 2)) return undefined;',
        'return listItem;',
        '}),',
        ');',
        "const sort: Dynamic = sorted(filterResults, 'a', 'desc');",
      ]
        .join('\n')

        .replace('list', 'list'),
    );
  });
});

describe('Switch', () => {
  const rules = {
    rules: {
      values: [
        condition('={{ $json.body.kind }}', 'string', 'equals', 'a'),
        condition('={{ $json.body.kind }}', 'string', 'equals', 'b'),
      ].map((conditions) => ({ ...conditions })),
    },
  };

  it('takes the first rule that holds, and its fallback output last', () => {
    const { code } = draftOf(
      workflowText(
        {
          Hook: hook,
          Switch: {
            type: 'switch',
            version: 3.2,
            parameters: { ...rules, options: { fallbackOutput: 'extra' } },
          },
          A: sends('a'),
          B: sends('b'),
          Other: sends('other'),
        },
        ['Hook > Switch', 'Switch > A', 'Switch 1 > B', 'Switch 2 > Other'],
      ),
    );
    expect(
      code
        .split('\n')
        .filter((line) => /^(if|\}( else.*)?$)/.test(line))
        .slice(0, 4),
    ).toEqual(["if (input?.kind === 'a') {", "} else if (input?.kind === 'b') {", '} else {', '}']);
  });

  it('with one connected output keeps back what an earlier rule takes', () => {
    const only = (edge: string, fallbackOutput: unknown = 'none') =>
      draftOf(
        workflowText(
          {
            Hook: hook,
            Switch: { type: 'switch', version: 3.2, parameters: { ...rules, options: { fallbackOutput } } },
            Send: sends('x'),
          },
          ['Hook > Switch', edge],
        ),
      ).code;
    expect(only('Switch > Send')).toContain("if (!(input?.kind === 'a')) return");
    expect(only('Switch 1 > Send')).toContain(
      "if (!(!(input?.kind === 'a') && (input?.kind === 'b'))) return",
    );
    expect(only('Switch 2 > Send', 'extra')).toContain(
      "if (!(!((input?.kind === 'a') || (input?.kind === 'b')))) return",
    );
  });

  it('of version 1 with one connected output keeps back what an earlier rule takes', () => {
    const parameters = {
      dataType: 'string',
      value1: '={{ $json.body.kind }}',
      rules: { rules: [{ value2: 'a' }, { value2: 'b', output: 1 }] },
    };
    const { code } = draftOf(
      workflowText({ Hook: hook, Switch: { type: 'switch', version: 1, parameters }, Send: sends('x') }, [
        'Hook > Switch',
        'Switch 1 > Send',
      ]),
    );
    expect(code).toContain("if (!(!(input?.kind === 'a') && (input?.kind === 'b'))) return");
  });

  it('that sends to all matching outputs is left to a person', () => {
    const { node } = draftOf(
      workflowText(
        {
          Hook: hook,
          Switch: {
            type: 'switch',
            version: 3.2,
            parameters: { ...rules, options: { allMatchingOutputs: true } },
          },
          A: sends('a'),
        },
        ['Hook > Switch', 'Switch > A'],
      ),
    );
    expect(node('Switch').state).toBe('manual');
  });
});

describe('Set', () => {
  it('makes objects of names with dots, and keeps other members only where its version does', () => {
    const assignments = {
      assignments: {
        assignments: [
          { name: 'a.b', type: 'number', value: '5' },
          { name: 'a.c', type: 'boolean', value: 'true' },
        ],
      },
    };
    const { code } = draftOf(
      workflowText(
        {
          Hook: hook,
          New: { type: 'set', version: 3.4, parameters: assignments },
          Send: sends('={{ $json.a.b }}'),
        },
        ['Hook > New', 'New > Send'],
      ),
    );
    expect(code).toContain('const new2: Dynamic = { a: { b: 5, c: true } };');
    const old = { values: { string: [{ name: 'x', value: '={{ $json.body.y }}' }] } };
    const before = draftOf(
      workflowText(
        { Hook: hook, Old: { type: 'set', version: 1, parameters: old }, Send: sends('={{ $json.x }}') },
        ['Hook > Old', 'Old > Send'],
      ),
    );
    expect(before.code).toContain('const old: Dynamic = { ...{ body: input }, x: input?.y };');
  });
});

describe('Merge', () => {
  const fetch = (path: string) => ({
    type: 'httpRequest',
    version: 4.2,
    parameters: { url: `https://data.example.com/${path}` },
  });

  it('of independent inputs runs its branches at the same time', () => {
    const { code } = draftOf(
      workflowText(
        {
          Start: manual,
          Left: fetch('left'),
          Right: fetch('right'),
          Merge: {
            type: 'merge',
            version: 3.2,
            parameters: { mode: 'combine', combineBy: 'combineByPosition' },
          },
          Send: sends('={{ $json.a }}'),
        },
        ['Start > Left', 'Start > Right', 'Left > Merge', 'Right > Merge 1', 'Merge > Send'],
      ),
    );
    expect(code).toContain('const { left, right } = await run.all({');
    expect(code).toContain('const merge: Dynamic = pairedByPosition(toList(left), toList(right));');
  });

  it('in a mode without a translation is left to a person', () => {
    const { node } = draftOf(
      workflowText(
        {
          Start: manual,
          Left: fetch('left'),
          Right: fetch('right'),
          Merge: { type: 'merge', version: 3.2, parameters: { mode: 'combineBySql' } },
        },
        ['Start > Left', 'Start > Right', 'Left > Merge', 'Right > Merge 1'],
      ),
    );
    expect(node('Merge').state).toBe('manual');
  });
});

describe('Split Out', () => {
  it('makes a list, and the nodes behind it run in one loop', () => {
    const { code } = draftOf(
      workflowText(
        {
          Hook: hook,
          Split: { type: 'splitOut', version: 1, parameters: { fieldToSplitOut: 'body.lines' } },
          Shape: {
            type: 'set',
            version: 3.4,
            parameters: {
              assignments: { assignments: [{ name: 't', type: 'string', value: '=Line {{ $json.text }}' }] },
            },
          },
          Send: sends('={{ $json.t }}'),
        },
        ['Hook > Split', 'Split > Shape', 'Shape > Send'],
      ),
    );
    expect(code.match(/run\.each\(/g)).toHaveLength(1);
    expect(code).toContain('const shape: Dynamic = { t: `Line ${toText(splitItem?.text)}` };');
  });
});

describe('Loop Over Items', () => {
  const nodes = (version: number, size: object) => ({
    Start: manual,
    List: list,
    Loop: { type: 'splitInBatches', version, parameters: size },
    Send: sends('={{ $json.a }}'),
    Wait: { type: 'wait', version: 1.1, parameters: { amount: 2 } },
    Done: sends('done'),
  });

  it('of version 3 has its loop at the second output, and takes single items', () => {
    const { code, node } = draftOf(
      workflowText(nodes(3, {}), [
        'Start > List',
        'List > Loop',
        'Loop 1 > Send',
        'Send > Wait',
        'Wait > Loop',
        'Loop > Done',
      ]),
    );
    expect(code).toContain('async (loopItem: Dynamic): Promise<Dynamic> => {');
    expect(code).toContain('text: loopItem?.a');
    expect(node('Wait')).toMatchObject({
      state: 'dropped',
      notes: ['it paced the requests of a loop; the rate governor does that'],
    });
  });

  it('of version 2 has its loop at the first output, and takes ten items at once', () => {
    const { code } = draftOf(
      workflowText(nodes(2, {}), [
        'Start > List',
        'List > Loop',
        'Loop > Send',
        'Send > Wait',
        'Wait > Loop',
        'Loop 1 > Done',
      ]),
    );
    expect(code).toMatch(/run\.each\('each-loop', chunks\(\w+, 10\)/);
  });
});

describe('an error output', () => {
  it('is the handler of the call, and only a definite failure enters it', () => {
    const { code } = draftOf(
      workflowText(
        {
          Hook: hook,
          Fetch: {
            type: 'httpRequest',
            version: 4.2,
            parameters: { url: 'https://data.example.com/a' },
            onError: 'continueErrorOutput',
          },
          Good: sends('good'),
          Bad: sends('={{ $json.error }}'),
        },
        ['Hook > Fetch', 'Fetch > Good', 'Fetch 1 > Bad'],
      ),
    );
    expect(code).toContain(
      [
        '} catch (fetchError) {',
        'if (!(fetchError instanceof ToolCallFailed)) throw fetchError;',
        "await run.call('bad', slack_send_message, { channel: 'C1', text: fetchError?.message });",
        "return run.end('Fetch');",
        '}',
        "await run.call('good', slack_send_message, { channel: 'C1', text: 'good' });",
      ].join('\n'),
    );
  });
});

describe('a graph that is no tree', () => {
  it('without a loop node around its cycle is left to a person', () => {
    const { node, result } = draftOf(
      workflowText({ Start: manual, A: sends('a'), B: sends('b') }, ['Start > A', 'A > B', 'B > A']),
    );
    expect(node('A')).toMatchObject({ state: 'manual' });
    expect(node('A').notes).toContain('a cycle without a Loop Over Items node');
    expect(result.report.isComplete).toBe(false);
  });

  it('writes a node once for each path to it, and says so', () => {
    const { code, node } = draftOf(
      workflowText({ Start: manual, A: sends('a'), B: sends('b'), End: sends('end') }, [
        'Start > A',
        'Start > B',
        'A > End',
        'B > End',
      ]),
    );
    expect(code).toContain("run.call('end',");
    expect(code).toContain("run.call('end-2',");
    expect(node('End').hazards).toContain('duplicated');
  });
});

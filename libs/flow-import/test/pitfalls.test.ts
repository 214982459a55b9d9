import { importFlow } from '../src/index.js';
import { condition, draftOf, hook, manual, workflowText, sends, type GivenNode } from './n8n-workflow.js';

const make = (flow: readonly object[]) => JSON.stringify({ name: 'Case', flow, metadata: {} });
const module = (id: number, name: string, mapper: object, rest: object = {}) => ({
  id,
  module: name,
  version: 1,
  parameters: {},
  mapper,
  ...rest,
});
const makeHook = module(1, 'gateway:CustomWebHook', {});
const makeSlack = (id: number, text: string, rest: object = {}) =>
  module(id, 'slack:CreateMessage', { channel: 'C1', text }, rest);

const zap = (nodes: readonly object[], version: string | number = 'gdpr_v1') =>
  JSON.stringify({
    metadata: { version },
    zaps: [
      {
        id: 1,
        title: 'Case',
        nodes: Object.fromEntries(nodes.map((node) => [String((node as { id: number }).id), node])),
      },
    ],
  });
const step = (
  id: number,
  parent: number | null,
  api: string,
  action: string,
  params: object,
  rest: object = {},
) => ({
  id,
  parent_id: parent,
  type_of: 'write',
  selected_api: api,
  action,
  params,
  meta: { stepTitle: `step ${id}` },
  paused: parent !== null,
  ...rest,
});
const zapHook = step(1, null, 'WebHookCLIAPI@1.1.1', 'hook_v2', {}, { type_of: 'read' });
const zapSlack = (id: number, parent: number, text: string) =>
  step(id, parent, 'SlackCLIAPI@1.48.0', 'channel_message', { channel: 'C1', text });

const code = (jsCode: string): GivenNode => ({ type: 'code', version: 2, parameters: { jsCode } });

describe('pitfalls', () => {
  it('1: defaults that are not in the file depend on the version', () => {
    const wait = (version: number) =>
      draftOf(
        workflowText({ Hook: hook, Wait: { type: 'wait', version }, Send: sends('x') }, [
          'Hook > Wait',
          'Wait > Send',
        ]),
      ).code;
    expect(wait(1)).toContain("await run.sleep('wait', { hours: 1 });");
    expect(wait(1.1)).toContain("await run.sleep('wait', { seconds: 5 });");
    const absent = draftOf(
      workflowText({ Hook: hook, Wait: { type: 'wait' }, Send: sends('x') }, ['Hook > Wait', 'Wait > Send']),
    ).code;
    expect(absent).toBe(wait(1));
  });

  it('2: branches run in the order of the canvas', () => {
    const nodes = {
      Start: manual,
      Low: { ...sends('low'), position: [0, 500] },
      High: { ...sends('high'), position: [300, 0] },
      Left: { ...sends('left'), position: [0, 0] },
    };
    const { code: text } = draftOf(workflowText(nodes, ['Start > Low', 'Start > High', 'Start > Left']));
    expect([...text.matchAll(/run\.call\('(\w+)'/g)].map((match) => match[1])).toEqual([
      'left',
      'high',
      'low',
    ]);
  });

  it('3: $json is the node before, and not the trigger', () => {
    const fetch = { type: 'httpRequest', version: 4.2, parameters: { url: 'https://data.example.com/' } };
    const { code: text } = draftOf(
      workflowText({ Hook: hook, Fetch: fetch, Send: sends('={{ $json.name }}') }, [
        'Hook > Fetch',
        'Fetch > Send',
      ]),
    );
    expect(text).toContain('text: fetch?.name');
  });

  it('4: a missing member gives nothing, and no error', () => {
    const { code: text } = draftOf(
      workflowText({ Hook: hook, Send: sends('={{ $json.body.a.b.c.trim() }}') }, ['Hook > Send']),
    );
    expect(text).toContain('text: input?.a?.b?.c?.trim()');
  });

  it('5: an empty list ends its branch', () => {
    const { code: text } = draftOf(
      workflowText({ Start: manual, List: code('return [];'), Send: sends('x') }, [
        'Start > List',
        'List > Send',
      ]),
    );
    expect(text).toContain('await run.each(');
  });

  it('6: a router runs every route, and a switch the first one', () => {
    const route = (id: number, value: string) => ({
      flow: [
        makeSlack(id, value, {
          filter: { name: value, conditions: [[{ a: '{{1.kind}}', o: 'text:equal', b: value }]] },
        }),
      ],
    });
    const { code: text, node } = draftOf(
      make([makeHook, module(2, 'builtin:BasicRouter', {}, { routes: [route(3, 'a'), route(4, 'b')] })]),
    );
    expect(text).toContain("if (input?.kind === 'a') {");
    expect(text).toContain("}\nif (input?.kind === 'b') {");
    expect(text).not.toContain('else');
    expect(node('BasicRouter 2').hazards).toEqual(['all-routes']);
  });

  it('7: the outputs of a loop are swapped between its versions', () => {
    const loop = (version: number, edge: string) =>
      draftOf(
        workflowText(
          {
            Start: manual,
            List: code('return [{}, {}];'),
            Loop: { type: 'splitInBatches', version, parameters: { batchSize: 1 } },
            Body: sends('={{ $json.a }}'),
          },
          ['Start > List', 'List > Loop', edge, 'Body > Loop'],
        ),
      ).code;
    expect(loop(3, 'Loop 1 > Body')).toBe(loop(2, 'Loop > Body'));
  });

  it('8: arrays of Make begin at 1, and [] is the first element', () => {
    const { code: text } = draftOf(make([makeHook, makeSlack(2, '{{1.items[2].name}} {{1.items[].name}}')]));
    expect(text).toContain('toText(input?.items?.[1]?.name)} ${toText(input?.items?.[0]?.name)}');
  });

  it('9: date tokens keep their alphabet', () => {
    expect(draftOf(make([makeHook, makeSlack(2, '{{formatDate(1.at; "DD.MM.YYYY")}}')])).code).toContain(
      "dateText(input?.at, 'DD.MM.YYYY', 'moment')",
    );
    expect(
      draftOf(
        workflowText({ Hook: hook, Send: sends("={{ $json.body.at.toDateTime().format('dd.MM.yyyy') }}") }, [
          'Hook > Send',
        ]),
      ).code,
    ).toContain("'dd.MM.yyyy', 'luxon')");
  });

  it('10: paused steps of a Zap are steps', () => {
    expect(draftOf(zap([zapHook, zapSlack(2, 1, 'x')])).code).toContain(
      "run.call('step-2', slack_send_message",
    );
  });

  it('11: a stale reference is named and never guessed', () => {
    const { node, code: text } = draftOf(zap([zapHook, zapSlack(2, 1, '{{=gives["74319200"]["name"]}}')], 2));
    expect(node('step 2')).toMatchObject({ state: 'manual', hazards: ['opaque-write', 'stale-ref'] });
    expect(text).toContain('todo(');
  });

  it('12: a search without a hit ends the Zap, unless it is told to go on', () => {
    const search = (params: object) =>
      draftOf(
        zap([
          zapHook,
          step(2, 1, 'AirtableCLIAPI@3.1.0', 'findRecord', { table: 't', ...params }, { type_of: 'search' }),
          zapSlack(3, 2, '{{2__id}}'),
        ]),
      );
    expect(search({}).code).toContain("if (!(!isEmpty(step2))) return run.end('step 2: nothing found');");
    expect(search({ _zap_search_success_on_miss: 'true' }).code).not.toContain('isEmpty');
    expect(search({}).node('step 2').hazards).toContain('empty-search');
  });

  it('13: retries of a write are named', () => {
    const { node } = draftOf(
      workflowText({ Hook: hook, Send: { ...sends('x'), retryOnFail: true } }, ['Hook > Send']),
    );
    expect(node('Send').hazards).toContain('retries');
  });

  it('14: continueOnFail puts the error beside the members of the item', () => {
    const fetch = {
      type: 'httpRequest',
      version: 4.2,
      parameters: { url: 'https://data.example.com/' },
      continueOnFail: true,
    };
    const { code: text, node } = draftOf(
      workflowText({ Hook: hook, Fetch: fetch, Send: sends('={{ $json.error }}') }, [
        'Hook > Fetch',
        'Fetch > Send',
      ]),
    );
    expect(text).toContain('fetch = { ...{ body: input }, error: fetchError?.message };');
    expect(node('Fetch').hazards).toContain('error-swallowed');
  });

  it('15: work on files is named', () => {
    const fetch = {
      type: 'httpRequest',
      version: 4.2,
      parameters: {
        url: 'https://data.example.com/',
        options: { response: { response: { responseFormat: 'file' } } },
      },
    };
    expect(
      draftOf(workflowText({ Start: manual, Fetch: fetch }, ['Start > Fetch'])).node('Fetch').hazards,
    ).toContain('binary');
  });

  it('16: each trigger is a flow, and a button for tests is none', () => {
    const { result, node } = draftOf(
      workflowText(
        {
          Hook: hook,
          Timer: {
            type: 'scheduleTrigger',
            version: 1.2,
            parameters: { rule: { interval: [{ field: 'hours' }] } },
          },
          Button: manual,
          Send: sends('x'),
        },
        ['Hook > Send', 'Timer > Send', 'Button > Send'],
      ),
    );
    expect(result.report.workflows[0]?.flows.map(({ trigger }) => trigger)).toEqual([
      'webhook event',
      'schedule 0 * * * *',
    ]);
    expect(node('Button').state).toBe('dropped');
  });

  it('17: secrets are named and never written', () => {
    const queryKey = 'A1b2C3d4E5f6';
    const password = 's3cr3t-value-1';
    const key = ['sk', 'proj', 'abcdefghijklmnopqrstu'].join('-');
    const fetch = {
      type: 'httpRequest',
      version: 4.2,
      parameters: {
        url: `https://data.example.com/?api_key=${queryKey}`,
        sendHeaders: true,
        headerParameters: {
          parameters: [
            { name: 'Authorization', value: `Bearer ${key}` },
            { name: 'X-Api-Key', value: 'hunter2hunter2' },
          ],
        },
      },
    };
    const result = importFlow({
      text: workflowText(
        {
          Start: manual,
          Fetch: fetch,
          Code: code(`const token = "${password}"; return [{ json: { token, k: "${key}" } }];`),
        },
        ['Start > Fetch', 'Fetch > Code'],
      ),
      name: 'x.json',
      catalogue: [],
    });
    const written = JSON.stringify(result);
    for (const secret of [key, 'hunter2hunter2', 'A1b2C3d4E5f6']) expect(written).not.toContain(secret);
    expect(result.report.secrets.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['credential', 'API key', 'key in an address']),
    );
    expect(result.report.secrets.every(({ where }) => where.startsWith('nodes.'))).toBe(true);
    expect(result.report.workflows[0]?.nodes[1]?.hazards).toContain('secret-inline');
  });

  it('18: values of a model are named', () => {
    const agent = {
      type: '@n8n/n8n-nodes-langchain.agent',
      version: 1.7,
      parameters: { text: '={{ $json.body.question }}' },
    };
    const { code: text, node } = draftOf(workflowText({ Hook: hook, Agent: agent }, ['Hook > Agent']));
    expect(text).toContain("run.call('agent', run_agent, { prompt: input?.question });");
    expect(node('Agent').hazards).toContain('model-fills');
  });

  it('19: a wait within a loop was pacing, and is left to the rate governor', () => {
    const { code: text } = draftOf(
      make([
        makeHook,
        module(2, 'builtin:BasicFeeder', { array: '{{1.rows}}' }),
        module(3, 'util:FunctionSleep', { duration: '5' }),
        makeSlack(4, '{{2.name}}'),
      ]),
    );
    expect(text).not.toContain('run.sleep');
  });

  it('20: static data is left to a person', () => {
    const { node } = draftOf(
      workflowText(
        { Start: manual, Code: code("const d = $getWorkflowStaticData('global'); d.n = 1; return [];") },
        ['Start > Code'],
      ),
    );
    expect(node('Code')).toMatchObject({ state: 'manual' });
  });

  it('21: modules that do not exist are left to a person', () => {
    const { node } = draftOf(
      make([makeHook, module(2, 'slack:sendMagicMessage2', {}), module(3, 'madeup:Thing', {})]),
    );
    expect(node('Thing 3').state).toBe('manual');
    expect(node('sendMagicMessage2 2').hazards).toContain('not-in-catalog');
  });

  it('22: a time zone that is not in the file is named', () => {
    const timer = {
      type: 'scheduleTrigger',
      version: 1.2,
      parameters: { rule: { interval: [{ triggerAtHour: 8 }] } },
    };
    const without = draftOf(workflowText({ Timer: timer, Send: sends('x') }, ['Timer > Send']));
    expect(without.node('Timer').hazards).toContain('timezone');
    const withZone = draftOf(
      workflowText({ Timer: timer, Send: sends('x') }, ['Timer > Send'], {
        settings: { timezone: 'Europe/Rome' },
      }),
    );
    expect(withZone.code).toContain("trigger.schedule('0 8 * * *', { timezone: 'Europe/Rome' })");
    expect(withZone.node('Timer').state).toBe('translated');
  });

  it('23: names of nodes are data, and identifiers of their own are made', () => {
    const { code: text, node } = draftOf(
      workflowText(
        { Hook: hook, Send: sends('a'), SEND: sends('b'), "it's": sends('={{ $("Send").item.json.ts }}') },
        ['Hook > Send', 'Send > SEND', "SEND > it's"],
      ),
    );
    expect(text).toContain("const send = await run.call('send',");
    expect(text).toContain("run.call('send-2',");
    expect(text).toContain('text: send?.ts');
    expect(node("it's").state).not.toBe('manual');
  });

  it('24: executeOnce takes the first item', () => {
    const { code: text, node } = draftOf(
      workflowText(
        {
          Start: manual,
          List: code('return [{ a: 1 }, { a: 2 }];'),
          Send: { ...sends('={{ $json.a }}'), executeOnce: true },
        },
        ['Start > List', 'List > Send'],
      ),
    );
    expect(text).toContain('text: list?.[0]?.a');
    expect(text).not.toContain('run.each');
    expect(node('Send').hazards).toContain('items-n');
  });

  it('25: a sub-workflow outside of the file is left to a person, and one inside is a child flow', () => {
    const call = (id: string) => ({
      type: 'executeWorkflow',
      version: 1.2,
      parameters: { workflowId: { __rl: true, mode: 'list', value: id } },
    });
    expect(
      draftOf(workflowText({ Hook: hook, Call: call('gone') }, ['Hook > Call'])).node('Call').state,
    ).toBe('manual');
    const parent = JSON.parse(
      workflowText({ Hook: hook, Call: call('c1') }, ['Hook > Call'], { id: 'p1' }),
    ) as object;
    const child = {
      ...(JSON.parse(
        workflowText(
          { Called: { type: 'executeWorkflowTrigger', version: 1 }, Send: sends('={{ $json.a }}') },
          ['Called > Send'],
          { id: 'c1' },
        ),
      ) as object),
      name: 'Child',
    };
    const { code: text, node } = draftOf(JSON.stringify([parent, child]));
    expect(text).toContain("import childFlow from './child.js';");
    expect(text).toContain("await run.flow('call', childFlow, { body: input });");
    expect(node('Call').state).not.toBe('manual');
  });

  it('26: a webhook without authentication is named', () => {
    const { node, code: text } = draftOf(
      workflowText(
        {
          Hook: { type: 'webhook', version: 2, parameters: { path: 'a1-B2_c3' } },
          If: { type: 'if', version: 2, parameters: condition('={{ $json.body.a }}', 'string', 'exists') },
          Send: sends('x'),
        },
        ['Hook > If', 'If > Send'],
      ),
    );
    expect(text).toContain("trigger.webhook('a1_b2_c3')");
    expect(node('Hook').hazards).toEqual(['no-auth-webhook']);
  });
});

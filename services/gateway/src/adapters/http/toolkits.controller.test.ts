import { ToolAllowList } from '@action-mesh/identity';
import { samplePrincipal } from '@action-mesh/identity/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { FakeCatalogClient } from '../../application/catalog-client.fake.js';
import { problemOf } from './problem-table.js';
import { ToolkitsController } from './toolkits.controller.js';

const caller = samplePrincipal();
const request = { body: Buffer.from('{}'), caller } as unknown as FastifyRequest;
const reply = { code: () => reply, send: () => reply } as unknown as FastifyReply;
const names = { toolkit: 'crm', slug: 'crm_find', version: '2026-11-25', revision: '2' };

function stage(): { readonly catalog: FakeCatalogClient; readonly toolkits: ToolkitsController } {
  const catalog = new FakeCatalogClient();
  return { catalog, toolkits: new ToolkitsController(catalog) };
}

async function problemFrom(work: () => Promise<void>): Promise<ReturnType<typeof problemOf>> {
  try {
    await work();
  } catch (error) {
    return problemOf(error);
  }
  throw new Error('not refused');
}

describe('a refusal of the catalog', () => {
  it.each<[number, string | undefined, number, string]>([
    [409, 'CATALOG_TOOLKIT_CHANGED', 409, 'toolkit_changed'],
    [409, 'CATALOG_REFUSED', 409, 'catalog_refused'],
    [409, 'CATALOG_NAME_TAKEN', 409, 'tool_name_taken'],
    [404, 'CATALOG_NOT_FOUND', 404, 'not_in_catalog'],
    [422, 'CATALOG_INVALID', 422, 'invalid_catalog_request'],
    [409, 'CATALOG_SOMETHING_NEW', 409, 'catalog_refused'],
    [400, undefined, 422, 'invalid_catalog_request'],
  ])('with %i %s is %i %s, with its message and a fix', async (status, code, answered, expected) => {
    const { catalog, toolkits } = stage();
    catalog.answer = { status, body: { code, message: 'it is so', statusCode: status } };
    const refused = await problemFrom(() => toolkits.setStable(names, request, reply));
    expect(refused?.problem).toMatchObject({
      status: answered,
      code: expected,
      detail: 'it is so',
      fix: expect.any(String) as string,
    });
    // Only a refusal that permits the same request again has a retry time.
    expect('retry-after' in (refused?.headers ?? {})).toBe(expected === 'toolkit_changed');
  });

  it.each<[string, (toolkits: ToolkitsController) => Promise<void>, string]>([
    ['a toolkit', (toolkits) => toolkits.find(names, request, reply), 'GET /v1/toolkits lists'],
    ['a toolkit', (toolkits) => toolkits.overrides(names, request, reply), 'GET /v1/toolkits lists'],
    [
      'a date',
      (toolkits) => toolkits.compare(names, { from: 'a', to: 'b' }, request, reply),
      'GET /v1/toolkits/crm lists',
    ],
    ['a date', (toolkits) => toolkits.setStable(names, request, reply), 'GET /v1/toolkits/crm lists'],
    ['a date', (toolkits) => toolkits.retire(names, request, reply), 'GET /v1/toolkits/crm lists'],
    ['a tool', (toolkits) => toolkits.propose(names, request, reply), 'GET /v1/tools?toolkit=crm lists'],
    [
      'a number',
      (toolkits) => toolkits.approve(names, request, reply),
      'GET /v1/toolkits/crm/overrides lists',
    ],
    [
      'a number',
      (toolkits) => toolkits.reject(names, request, reply),
      'GET /v1/toolkits/crm/overrides lists',
    ],
  ])('for an unknown %s, says where to find the known ones', async (_what, ask, fix) => {
    const { catalog, toolkits } = stage();
    catalog.answer = { status: 404, body: { code: 'CATALOG_NOT_FOUND', message: 'there is none' } };
    const refused = await problemFrom(() => ask(toolkits));
    expect(refused?.problem.fix).toContain(fix);
  });

  it('keeps the places of the errors', async () => {
    const { catalog, toolkits } = stage();
    const errors = [{ pointer: '/version', message: 'must be a date' }];
    catalog.answer = { status: 422, body: { code: 'CATALOG_INVALID', message: 'no', problems: errors } };
    const refused = await problemFrom(() => toolkits.setStable(names, request, reply));
    expect(refused?.problem.errors).toEqual(errors);
  });
});

describe('names in the address', () => {
  const questions: [
    keyof typeof names,
    (toolkits: ToolkitsController, given: typeof names) => Promise<void>,
  ][] = [
    ['toolkit', (toolkits, given) => toolkits.find(given, request, reply)],
    ['toolkit', (toolkits, given) => toolkits.compare(given, {}, request, reply)],
    ['toolkit', (toolkits, given) => toolkits.setStable(given, request, reply)],
    ['toolkit', (toolkits, given) => toolkits.overrides(given, request, reply)],
    ['version', (toolkits, given) => toolkits.retire(given, request, reply)],
    ['slug', (toolkits, given) => toolkits.propose(given, request, reply)],
    ['revision', (toolkits, given) => toolkits.approve(given, request, reply)],
    ['revision', (toolkits, given) => toolkits.reject(given, request, reply)],
  ];

  it.each(questions)(
    'are refused without a request to the catalog when they are impossible: %s',
    async (name, ask) => {
      for (const value of ['..', '.', '', '../tools', 'a/b', '%2e%2e', 'NO', ' ']) {
        const { catalog, toolkits } = stage();
        const refused = await problemFrom(async () => ask(toolkits, { ...names, [name]: value }));
        expect([refused?.problem.status, refused?.problem.code]).toEqual([404, 'not_in_catalog']);
        expect(catalog.questions).toEqual([]);
        expect(refused?.problem.fix).toContain(
          name === 'slug' ? 'GET /v1/tools?toolkit=crm' : 'GET /v1/toolkits',
        );
      }
    },
  );

  it('are passed on when they are possible', async () => {
    const { catalog, toolkits } = stage();
    for (const [, ask] of questions) await ask(toolkits, names);
    expect(catalog.questions.map(({ path }) => path.join('/'))).toEqual([
      'crm',
      'crm/changes',
      'crm/stable',
      'crm/overrides',
      'crm/versions/2026-11-25',
      'crm/tools/crm_find/overrides',
      'crm/tools/crm_find/overrides/2/approve',
      'crm/tools/crm_find/overrides/2/reject',
    ]);
  });
});

describe('an import', () => {
  it('goes to the catalog as the bytes that came', async () => {
    const { catalog, toolkits } = stage();
    const body = Buffer.from('{ "tools": [] }');
    await toolkits.import(names, { ...request, body }, reply);
    expect(catalog.questions).toEqual([{ caller, method: 'POST', path: ['crm', 'imports'], body }]);
  });
});

describe('a key that is limited to tools', () => {
  it.each<[string, (toolkits: ToolkitsController, limited: FastifyRequest) => Promise<void>]>([
    ['list', (toolkits, limited) => toolkits.list(limited, reply)],
    ['find', (toolkits, limited) => toolkits.find(names, limited, reply)],
    ['compare', (toolkits, limited) => toolkits.compare(names, {}, limited, reply)],
    ['overrides', (toolkits, limited) => toolkits.overrides(names, limited, reply)],
  ])('sees no toolkit: %s', async (_what, ask) => {
    const { catalog, toolkits } = stage();
    const limited = {
      caller: samplePrincipal({ tools: new ToolAllowList(['crm_*']) }),
    } as unknown as FastifyRequest;
    expect((await problemFrom(() => ask(toolkits, limited)))?.problem.code).toBe('key_limited');
    expect(catalog.questions).toEqual([]);
  });
});

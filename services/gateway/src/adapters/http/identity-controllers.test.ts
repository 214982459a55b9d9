import { ToolRegistry } from '@action-mesh/admission';
import { IdentityDirectory, newKeyText, ToolAllowList } from '@action-mesh/identity';
import { samplePrincipal, sampleSwitch, sampleTenant } from '@action-mesh/identity/testing';
import { PolicySet } from '@action-mesh/policies';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { FakeAuthBrokerClient } from '../../application/auth-broker-client.fake.js';
import { ExplainPolicies } from '../../application/explain-policies.js';
import { KnownTools } from '../../application/known-tools.js';
import { KeysController } from './keys.controller.js';
import { MeController } from './me.controller.js';
import { PoliciesController } from './policies.controller.js';
import { problemOf } from './problem-table.js';
import { SwitchesController } from './switches.controller.js';
import { TenantsController } from './tenants.controller.js';

const caller = samplePrincipal({ tenantId: 'acme' });
const request = { body: Buffer.from('{"role":"agent"}'), caller } as unknown as FastifyRequest;
const id = '0123456789abcdef';
const switchId = '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001';

const explain = new ExplainPolicies(
  new PolicySet(),
  new KnownTools(new ToolRegistry(), { missing: undefined }),
);

function stage() {
  const broker = new FakeAuthBrokerClient();
  const headers = new Map<string, unknown>();
  const reply = {
    code: () => reply,
    send: () => reply,
    header: (name: string, value: unknown) => {
      headers.set(name, value);
      return reply;
    },
  } as unknown as FastifyReply;
  return {
    broker,
    headers,
    reply,
    keys: new KeysController(broker),
    tenants: new TenantsController(broker),
    switches: new SwitchesController(broker),
    policies: new PoliciesController(broker, explain),
  };
}

type Stage = ReturnType<typeof stage>;

const asks: readonly (readonly [string, (stage: Stage, name: string) => Promise<unknown>])[] = [
  ['GET keys', ({ keys, reply }) => keys.list(request, reply)],
  ['POST keys', ({ keys, reply }) => keys.create(request, reply)],
  [`GET keys/${id}`, ({ keys, reply }, name) => keys.find(name, request, reply)],
  [`POST keys/${id}/rotate`, ({ keys, reply }, name) => keys.rotate(name, request, reply)],
  [`DELETE keys/${id}`, ({ keys, reply }, name) => keys.revoke(name, request, reply)],
  ['GET tenants', ({ tenants, reply }) => tenants.list(request, reply)],
  [`GET tenants/${id}`, ({ tenants, reply }, name) => tenants.find(name, request, reply)],
  [`PUT tenants/${id}`, ({ tenants, reply }, name) => tenants.put(name, request, reply)],
  [`POST tenants/${id}/keys`, ({ tenants, reply }, name) => tenants.createKey(name, request, reply)],
  [`DELETE tenants/${id}`, ({ tenants, reply }, name) => tenants.remove(name, request, reply)],
  ['POST switches', ({ switches, reply }) => switches.turnOn(request, reply)],
  ['GET policies', ({ policies, reply }) => policies.list(request, reply)],
  [`GET policies/${id}`, ({ policies, reply }, name) => policies.find(name, request, reply)],
  [`PUT policies/${id}`, ({ policies, reply }, name) => policies.put(name, request, reply)],
  [`DELETE policies/${id}`, ({ policies, reply }, name) => policies.remove(name, {}, request, reply)],
  [`DELETE switches/${switchId}`, ({ switches, reply }) => switches.lift(switchId, request, reply)],
];

async function refusal(ask: () => Promise<unknown>): Promise<ReturnType<typeof problemOf>> {
  try {
    await ask();
  } catch (error) {
    return problemOf(error);
  }
  throw new Error('not refused');
}

describe('the administration of identities', () => {
  it.each(asks)('passes %s to the auth broker, with the caller', async (expected, ask) => {
    const parts = stage();
    await ask(parts, id);
    expect(parts.broker.requests).toHaveLength(1);
    const [asked] = parts.broker.requests;
    expect(`${asked?.method} ${asked?.path.join('/')}`).toBe(expected);
    expect(asked?.caller).toBe(caller);
    if (/^(POST|PUT)/.test(expected)) expect(asked?.body).toEqual({ role: 'agent' });
    expect(parts.headers.get('cache-control')).toBe('no-store');
  });

  it('asks nobody about an impossible id, which may be a whole key', async () => {
    for (const [, ask] of asks.filter(([what]) =>
      /(GET|POST|DELETE) keys\/|(GET|POST|DELETE) tenants\/|policies\//.test(what),
    )) {
      for (const name of ['', '..', 'a/b', newKeyText('api', 'live'), 'A'.repeat(64)]) {
        const parts = stage();
        const refused = await refusal(() => ask(parts, name));
        expect(refused?.problem).toMatchObject({
          status: 404,
          code: expect.stringMatching(/_not_found$/) as string,
        });
        if (name !== '') expect(JSON.stringify(refused?.problem)).not.toContain(name);
        expect(parts.broker.requests).toEqual([]);
      }
    }
    const parts = stage();
    const refused = await refusal(() => parts.switches.lift('x', request, parts.reply));
    expect(refused?.problem.code).toBe('switch_not_found');
  });

  it.each<[number, number, string]>([
    [404, 404, 'key_not_found'],
    [403, 403, 'right_missing'],
    [409, 409, 'identity_conflict'],
    [422, 422, 'invalid_request'],
    [400, 422, 'invalid_request'],
  ])('answers a refusal with %i by %i %s and a fix', async (status, answered, code) => {
    const { broker, keys, reply } = stage();
    const problems = [{ pointer: '/role', message: 'is required' }];
    broker.answer = { status, body: { code: 'X', message: 'it is so', problems } };
    const refused = await refusal(() => keys.create(request, reply));
    expect(refused?.problem).toMatchObject({ status: answered, code, fix: expect.any(String) as string });
    if (status !== 404) expect(refused?.problem).toMatchObject({ detail: 'It is so.', errors: problems });
  });
});

describe('a question to the policies', () => {
  const asked = (body: object) =>
    ({ body: Buffer.from(JSON.stringify(body)), caller }) as unknown as FastifyRequest;

  it('is answered without the auth broker', () => {
    const { policies, broker } = stage();
    const answer = policies.explain(asked({ user_id: 'ada', tool: 'mail_send', effect_class: 'opaque' }));
    expect(answer.decision).toBe('allow');
    expect(broker.requests).toEqual([]);
  });

  it.each([
    ['an unknown member', { user_id: 'ada', tool: 'mail_send', planet: 'earth' }, '/planet'],
    ['no tool', { user_id: 'ada' }, '/tool'],
    ['arguments that are a list', { user_id: 'ada', tool: 'mail_send', arguments: [] }, '/arguments'],
    ['an unknown effect class', { user_id: 'ada', tool: 'mail_send', effect_class: 'x' }, '/effect_class'],
  ])('is refused with %s', async (_, body, pointer) => {
    const { policies } = stage();
    const refused = await refusal(() => Promise.resolve().then(() => policies.explain(asked(body))));
    expect(refused?.problem).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  it('refuses a removal with an impossible revision', async () => {
    const { policies, reply } = stage();
    const refused = await refusal(() =>
      Promise.resolve().then(() => policies.remove('one', { revision: '1 or 2' }, request, reply)),
    );
    expect(refused?.problem).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/revision' }] });
  });
});

describe('the list of kill switches', () => {
  const viewOf = (target: Parameters<typeof sampleSwitch>[0]) => {
    const { kind: _kind, ...view } = sampleSwitch(target, { tenant_id: 'acme' });
    return { ...view, published: true };
  };
  const [ada, bob, tool] = [
    viewOf({ type: 'user', value: 'ada' }),
    viewOf({ type: 'user', value: 'bob' }),
    viewOf({ type: 'tool', value: 'crm_find' }),
  ];

  it('is whole, except for other users of a key that is bound to users', async () => {
    const { broker, switches } = stage();
    broker.answer = { status: 200, body: { switches: [ada, bob, tool] } };
    expect(await switches.list(request)).toEqual({ switches: [ada, bob, tool] });
    const bound = { caller: { ...caller, users: new Set(['ada']) } } as unknown as FastifyRequest;
    expect(await switches.list(bound)).toEqual({ switches: [ada, tool] });
  });
});

describe('GET /v1/me', () => {
  it('shows a caller to itself, without any secret', () => {
    const directory = new IdentityDirectory('test');
    directory.put(sampleTenant('acme', { quota: { calls: { per_day: 5 } } }));
    const me = new MeController(directory);
    const limits = {
      tools: new ToolAllowList(['crm_*']),
      users: new Set(['u1']),
      quota: { requests: { per_second: 1 } },
    };
    const shown = me.show({ caller: { ...caller, ...limits } } as unknown as FastifyRequest);
    expect(shown).toEqual({
      tenant: 'acme',
      holder: 'ada',
      environment: 'test',
      key_id: caller.keyId,
      scopes: [...caller.scopes],
      tools: ['crm_*'],
      users: ['u1'],
      quota: { requests: { per_second: 1 } },
      tenant_quota: { calls: { per_day: 5 } },
    });
    const token = me.show({ caller: { ...caller, keyId: undefined } } as unknown as FastifyRequest);
    expect(Object.keys(token)).not.toEqual(expect.arrayContaining(['key_id']));
  });
});

import { ToolRegistry } from '@action-mesh/admission';
import { KillSwitches } from '@action-mesh/identity';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { systemClock } from '@action-mesh/kernel';
import { sampleTool } from '@action-mesh/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AcceptCall } from '../../application/accept-call.js';
import { FakeCallHistory } from '../../application/call-history.fake.js';
import { CallVisibility } from '../../application/call-visibility.js';
import { FakeEventLog } from '../../application/event-log.fake.js';
import { ExecuteCall } from '../../application/execute-call.js';
import { FindCall } from '../../application/find-call.js';
import { KnownTools } from '../../application/known-tools.js';
import { NextPages } from '../../application/next-pages.js';
import { MetaTools } from '../../application/meta-tools.js';
import { OutcomeWaiters } from '../../application/outcome-waiters.js';
import { RecentCalls } from '../../application/recent-calls.js';
import { RestoreCall } from '../../application/restore-call.js';
import { TenantBacklog } from '../../application/tenant-backlog.js';
import { ToolSearch } from '../../application/tool-search.js';
import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { CallBatch } from './call-batch.js';
import { CallsController } from './calls.controller.js';

function gateway(): { readonly calls: CallsController; readonly log: FakeEventLog } {
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  const tools = new KnownTools(registry, { missing: undefined });
  const [clock, log, history] = [systemClock, new FakeEventLog(), new FakeCallHistory()];
  const recent = new RecentCalls(clock);
  const backlog = new TenantBacklog(clock);
  const accept = new AcceptCall({
    tools,
    log,
    recent,
    backlog,
    ledger: { refusal: undefined },
    switches: new KillSwitches(),
    quotas: { take: () => undefined },
    clock,
  });
  const calls = new CallsController(
    new ExecuteCall(accept, new OutcomeWaiters(), history, new NextPages(tools)),
    new FindCall(history, recent, new CallVisibility(tools), new NextPages(tools)),
    new CallBatch(accept),
    { waitMs: 0, maxWaitMs: 0 },
    new MetaTools(tools, new ToolSearch(tools)),
    new RestoreCall(tools),
  );
  return { calls, log };
}

const sent: unknown[] = [];
const reply = {
  raw: { destroyed: false, once: () => undefined },
  header: () => reply,
  code: () => reply,
  type: () => reply,
  send: (body: unknown) => {
    sent.push(body);
    return reply;
  },
} as unknown as FastifyReply;

const withBody = (body: unknown): FastifyRequest =>
  ({
    body: Buffer.from(JSON.stringify(body)),
    headers: {},
    caller: samplePrincipal(),
  }) as unknown as FastifyRequest;

// A model's arguments in OpenAI's strict shape, with null for an argument that is left out.
const call = {
  user_id: 'u1',
  agent: { id: 'a', run_id: 'r1' },
  arguments: { email: 'ada@example.com', company: null },
};
const named = { ...call, tool: { slug: 'crm_update_contact' } };
const asText = { arguments: JSON.stringify(call.arguments) };

describe('a misspelt tool name', () => {
  it.each(['mesh', 'openai'])('gets a suggestion, in the form of %s', async (form) => {
    const { calls } = gateway();
    const asked = { fix: 'Did you mean "crm_update_contact"? GET /v1/tools lists all names.' };
    const execute = calls.execute('crm_updte_contact', { form }, withBody(call), reply);
    if (form === 'mesh') await expect(execute).rejects.toMatchObject(asked);
    else {
      await execute;
      expect(sent.at(-1)).toContain(JSON.stringify(JSON.stringify(asked.fix)).slice(1, -1));
    }
    const body = { ...call, tool: { slug: 'crm_updte_contact' } };
    await expect(calls.submit({ form }, withBody(body), reply)).rejects.toMatchObject(asked);
  });
});

describe('arguments in the shape of a vendor', () => {
  it.each<[string, (calls: CallsController) => Promise<void>]>([
    ['execute', (calls) => calls.execute('crm_update_contact', { form: 'openai' }, withBody(call), reply)],
    ['one call', (calls) => calls.submit({ form: 'openai' }, withBody(named), reply)],
    ['several calls', (calls) => calls.submit({ form: 'openai' }, withBody([named]), reply)],
    [
      'execute, with a text',
      (calls) =>
        calls.execute('crm_update_contact', { form: 'openai' }, withBody({ ...call, ...asText }), reply),
    ],
    [
      'one call, with a text',
      (calls) => calls.submit({ form: 'openai' }, withBody({ ...named, ...asText }), reply),
    ],
    [
      'several calls, with texts',
      (calls) => calls.submit({ form: 'openai' }, withBody([{ ...named, ...asText }]), reply),
    ],
  ])('are restored: %s', async (_what, ask) => {
    const { calls, log } = gateway();
    await ask(calls);
    expect(log.calls.map((written) => written.call.arguments)).toEqual([{ email: 'ada@example.com' }]);
  });

  it('are refused in an unknown shape', async () => {
    const { calls, log } = gateway();
    for (const body of [named, [named]]) {
      await expect(calls.submit({ form: 'cohere' }, withBody(body), reply)).rejects.toBeInstanceOf(
        RequestRefusedError,
      );
    }
    expect(log.calls).toEqual([]);
  });
});

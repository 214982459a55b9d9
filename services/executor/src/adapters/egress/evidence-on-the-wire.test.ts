import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';

import type { Tool } from '@action-mesh/contracts/catalog';
import type { CallState, Tried } from '@action-mesh/contracts/executor';
import { Egress } from '@action-mesh/egress';
import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';
import { childSpan, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { sampleTool } from '@action-mesh/testing';

import { fakeCredentials } from '../../application/call-credentials.fake.js';
import { AskProvider } from '../../application/ask-provider.js';
import { FakeLedger } from '../../application/ledger.fake.js';
import type { OwnedCall } from '../../application/ledger.port.js';
import { RetryBudget } from '../../application/retry-budget.js';
import { RunCall } from '../../application/run-call.js';
import { SettleCall } from '../../application/settle-call.js';
import { Throttle } from '../../application/throttle.js';
import { ThrottleSpacing } from '../../application/throttle-spacing.js';
import type { PreparedTool, ProviderRequest } from '../../application/tools.port.js';
import { EgressProvider } from './egress-provider.js';

/** The bytes of an answer. `lost` alone closes the connection without an answer. */
type Wire = Buffer | string;

const json = (body: string, head = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function coded(body: string, head: string): Buffer {
  const bytes = gzipSync(body);
  const start = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}content-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(start), bytes]);
}

/** A provider that answers in raw bytes. Every POST takes effect there, whatever it answers. */
class Provider {
  effects = 0;

  readonly #server: Server;
  readonly egress: Egress;
  readonly url: string;

  private constructor(server: Server, egress: Egress, url: string) {
    this.#server = server;
    this.egress = egress;
    this.url = url;
  }

  static async start(answers: { post: Wire; probe: Wire }): Promise<Provider> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const isPost = chunk.toString('latin1').startsWith('POST');
        if (isPost) provider.effects += 1;
        const answer = isPost ? answers.post : answers.probe;
        if (answer === 'lost') socket.destroy();
        else socket.end(answer);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const egress = new Egress({ allow: [`127.0.0.1:${port}`] });
    const provider = new Provider(server, egress, `http://127.0.0.1:${port}/x`);
    return provider;
  }

  async stop(): Promise<void> {
    await this.egress.close();
    this.#server.close();
  }
}

interface Ran {
  readonly state: CallState;
  readonly effects: number;
  readonly outcome: Record<string, unknown>;
}

/** Runs one call to its end, and wakes it whenever it waits. */
async function run(
  effect: Tool['effect'],
  wires: { post: Wire; probe?: Wire },
  http: Partial<Tool['http']> = {},
) {
  const provider = await Provider.start({ post: wires.post, probe: wires.probe ?? 'lost' });
  try {
    return await runAt(provider, effect, http);
  } finally {
    await provider.stop();
  }
}

async function runAt(provider: Provider, effect: Tool['effect'], http: Partial<Tool['http']>): Promise<Ran> {
  const to = (method: string): PreparedTool & { request: ProviderRequest } => {
    const request = { method, url: provider.url, headers: {}, ...(method === 'POST' ? { body: '{}' } : {}) };
    const tool = sampleTool({
      http: { method: 'POST', path: '/x', parameters: [], headers: {}, ...http },
      effect: method === 'POST' ? effect : { class: 'read' },
      timeout_ms: 5_000,
      max_response_bytes: 2_000,
      retry: { max_attempts: 3, initial_backoff_ms: 0, max_backoff_ms: 0 },
    });
    return { tool, endpoint: 'x', buildRequest: () => request, request };
  };
  const write = to('POST');
  const ledger = new FakeLedger();
  const clock = new FakeClock(0);
  const egress = new EgressProvider(provider.egress);
  const runCall = new RunCall({
    credentials: fakeCredentials(),
    ledger,
    provider: egress,
    askProvider: new AskProvider({ of: () => undefined, stable: () => to('GET') }, egress, clock),
    throttle: new Throttle(new FakeGovernor(), new KillSwitches(), new ThrottleSpacing(clock), clock),
    settleCall: new SettleCall(new RetryBudget(clock), clock),
    clock,
    report: {
      fenced: () => undefined,
      broken: (_, error) => {
        throw error;
      },
    },
    random: () => 0,
  });
  let owned = dispatched(ledger);
  await runCall.sent(owned, write, write.request, { circuit: 'closed', settle: () => undefined });
  for (let woken = 0; woken < 50; woken += 1) {
    const last = ledger.moves.at(-1);
    if (last === undefined || (last.to.state !== 'INDETERMINATE' && last.to.state !== 'RETRY_WAIT')) break;
    const tried: readonly Tried[] = last.tried ?? owned.tried;
    owned = { ...owned, state: last.to, tried };
    await runCall.resumed(owned, write, write.request);
  }
  const last = ledger.moves.at(-1);
  if (last === undefined) throw new Error('the call has not moved');
  const outcome = JSON.parse(last.outcome ?? '{}') as Record<string, unknown>;
  return { state: last.to.state, effects: provider.effects, outcome };
}

function dispatched(ledger: FakeLedger): OwnedCall {
  return {
    call: {
      call_id: newId(),
      tenant_id: 't',
      user_id: 'u',
      tool: { slug: 'x', version: '1.0.0' },
      arguments: {},
      scope: 'global',
      mode: 'live',
      hash: 'a'.repeat(64),
      content_hash: 'b'.repeat(64),
      accepted_at: new Date(0).toISOString(),
    },
    trace: childSpan(),
    state: { state: 'DISPATCHING', fence: 1, attempt: 1, recovered: false, redrives: 0, attemptsBefore: 0 },
    tried: [],
    providerKey: 'the-key',
    receivedAtMs: 0,
    ageMs: 0,
    firstDispatchAgeMs: 0,
    instance: ledger.instance,
    claimId: '1',
  };
}

const probeable: Tool['effect'] = {
  class: 'probeable',
  probe: 'find_x',
  settle_ms: 0,
  reference: { in: 'header', name: 'x-reference' },
  argument: 'reference',
  found: '/items',
};
const opaque: Tool['effect'] = { class: 'opaque' };
const nothing = '{"items":[]}';
const failure = { at: '/ok', equals: false } as const;

describe('a call with a lost answer', () => {
  it.each<[string, Wire]>([
    ['gzip that nothing names', coded(nothing, '')],
    ['gzip of an unknown kind', coded(nothing, 'content-encoding: gzip, x-own\r\n')],
    ['a prefix against inclusion', json(`)]}'\n${nothing}`)],
    ['a page of a sign-in', json('<!doctype html><title>Sign in</title>')],
    ['no body', json('')],
    ['no content', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['half of it', json(nothing).slice(0, -3)],
    ['more than the tool keeps', json(`{"items":[],"more":"${'x'.repeat(3_000)}"}`)],
    ['a redirect', 'HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n'],
    ['nothing', 'lost'],
  ])('takes effect once, and needs a person, when its probe answers with %s (I2)', async (_, probe) => {
    expect(await run(probeable, { post: 'lost', probe })).toMatchObject({
      state: 'NEEDS_REVIEW',
      effects: 1,
    });
  });

  it.each<[string, Wire]>([
    ['gzip', coded('{"items":[{"id":7}]}', 'content-encoding: gzip\r\n')],
    ['a byte order mark', json('\ufeff{"items":[{"id":7}]}')],
    ['100 Continue in front', `HTTP/1.1 100 Continue\r\n\r\n${json('{"items":[{"id":7}]}')}`],
  ])('is found by a probe that answers with %s (I2)', async (_, probe) => {
    expect(await run(probeable, { post: 'lost', probe })).toMatchObject({
      state: 'SUCCEEDED',
      effects: 1,
      outcome: { result: { id: 7 } },
    });
  });
});

describe('a POST with an answer', () => {
  it('after a 100 Continue is a success (I2)', async () => {
    const post = `HTTP/1.1 100 Continue\r\n\r\n${json('{"id":1}')}`;
    expect(await run(opaque, { post })).toMatchObject({ state: 'SUCCEEDED', outcome: { result: { id: 1 } } });
  });

  it('in gzip is a failure by the tool’s rule', async () => {
    const post = coded('{"ok":false}', 'content-encoding: gzip\r\n');
    expect(await run(opaque, { post }, { failure })).toMatchObject({ state: 'FAILED', effects: 1 });
  });

  it('without a readable body is no success when a rule needs the body (I2)', async () => {
    for (const post of [coded('{"ok":false}', ''), json('{"ok":false}').slice(0, -2), json('')]) {
      expect(await run(opaque, { post }, { failure })).toMatchObject({ state: 'NEEDS_REVIEW', effects: 1 });
    }
  });

  it('with a redirect needs a person, who sees its target', async () => {
    const post = 'HTTP/1.1 303 See Other\r\nlocation: /done/7?key=secret\r\ncontent-length: 0\r\n\r\n';
    const { state, effects, outcome } = await run(opaque, { post });
    expect({ state, effects }).toEqual({ state: 'NEEDS_REVIEW', effects: 1 });
    const target = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/done\/7\?…$/) as unknown;
    expect(outcome).toMatchObject({ upstream: { status_code: 303, location: target } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('larger than the tool’s bound is done, and a read is not', async () => {
    const post = json(JSON.stringify({ more: 'x'.repeat(3_000) }));
    expect(await run(opaque, { post })).toMatchObject({
      state: 'SUCCEEDED',
      outcome: { upstream: { status_code: 200, incomplete: true } },
    });
    expect(await run({ class: 'read' }, { post })).toMatchObject({
      state: 'FAILED',
      outcome: { error: { code: 'result_too_large', category: 'request' }, upstream: { incomplete: true } },
    });
  });

  it('that breaks off is done, and a read is sent again', async () => {
    const post = json('{"a":1}').slice(0, -2);
    expect(await run(opaque, { post })).toMatchObject({ state: 'SUCCEEDED', effects: 1 });
    expect(await run({ class: 'read' }, { post })).toMatchObject({
      state: 'DEAD',
      effects: 3,
      outcome: { error: { code: 'provider_answer_broken' } },
    });
  });
});

import { once } from 'node:events';

import { scopeNames } from '@action-mesh/contracts/auth-broker';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import type { TraceContext } from '@action-mesh/kernel';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';
import { noSpans, type FinishedSpan, type Spans } from '@action-mesh/telemetry/port';
import { waitFor } from '@action-mesh/testing';
import { InMemoryServerEventBus, McpServer } from '@modelcontextprotocol/server';

import type { McpExchange } from '../src/adapters/http/mcp/mcp-exchange.js';
import type { McpServers } from '../src/adapters/http/mcp/mcp-servers.port.js';
import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { modernRequest, plainRequest } from './mcp-host.js';
import { silentTelemetry } from './silent-telemetry.js';

const { key, identity } = sampleKey('acme', { scopes: [...scopeNames] });
const stop = new AbortController();
const root: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false };

/** A server whose tool `slow` answers when the test says so. */
class SlowServers implements McpServers {
  readonly bus = new InMemoryServerEventBus();
  readonly release = new EventTarget();
  readonly traces: TraceContext[] = [];
  waiting = 0;

  create(exchange: McpExchange): McpServer {
    const mcp = new McpServer(
      { name: 'slow', version: '1' },
      { capabilities: { tools: { listChanged: true } } },
    );
    this.traces.push(exchange.trace);
    mcp.registerTool('slow', {}, async () => {
      this.waiting += 1;
      await once(this.release, 'now');
      return { content: [{ type: 'text', text: 'done' }] };
    });
    return mcp;
  }
}

class RecordedSpans implements Spans {
  readonly isOn = true;
  readonly hasContent = false;
  readonly spans: FinishedSpan[] = [];
  readonly describe = noSpans.describe.bind(noSpans);
  readonly keep = noSpans.keep.bind(noSpans);

  record(span: FinishedSpan): void {
    this.spans.push(span);
  }

  root(): TraceContext {
    return root;
  }
}

interface Opened {
  readonly gateway: RunningService;
  readonly servers: SlowServers;
  readonly recorded: RecordedSpans;
}

async function open(): Promise<Opened> {
  const logger = createLogger({ service: 'gateway', level: 'silent' });
  const config = gatewayConfig({
    KAFKA_BROKERS: '127.0.0.1:1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    MESH_SERVICE_KEY: 'k'.repeat(48),
  });
  const [servers, recorded] = [new SlowServers(), new RecordedSpans()];
  const telemetry = { ...silentTelemetry, spans: recorded };
  const { directory, module, http } = composeGateway(config, logger, stop.signal, telemetry, servers);
  directory.put(sampleTenant('acme'));
  directory.put(identity);
  directory.complete();
  const gateway = await startService({ name: 'gateway', module, port: 0, logger, http });
  return { gateway, servers, recorded };
}

const ask = (
  { gateway }: Opened,
  { headers, message }: ReturnType<typeof modernRequest>,
  more: Readonly<Record<string, string>> = {},
): ReturnType<typeof plainRequest> =>
  plainRequest(gateway.url, { key, headers: { ...headers, ...more } }, message);

const call = modernRequest(1, 'tools/call', { name: 'slow', arguments: {} });
const listen = modernRequest(2, 'subscriptions/listen', { notifications: { toolsListChanged: true } });

afterAll(() => stop.abort(new Error('the test is over')));

describe('a shutdown (ME1)', () => {
  it('ends listening streams at once, and lets a call in flight answer', async () => {
    const opened = await open();
    const { gateway, servers } = opened;
    const calling = ask(opened, call);
    await waitFor(() => servers.waiting === 1, { what: 'the call' });
    const listening = ask(opened, listen);
    await waitFor(() => servers.traces.length === 2, { what: 'the stream' });
    const closing = gateway.close();
    expect((await listening).status).toBe(200);
    servers.release.dispatchEvent(new Event('now'));
    expect((await calling).body).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } });
    await closing;
  });
});

describe('the span of a request', () => {
  let opened: Opened;
  beforeAll(async () => (opened = await open()));
  afterAll(() => opened.gateway.close());

  const parent = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };
  const traceparent = `00-${parent.traceId}-${parent.spanId}-00`;
  const spanOf = async (): Promise<FinishedSpan> =>
    waitFor(() => opened.recorded.spans.shift(), { what: 'the span of the request' });

  it('is the parent of its call, in the trace that _meta names before the one of the header (I14)', async () => {
    const meta = modernRequest(3, 'tools/list', {}, { traceparent });
    await ask(opened, meta, { traceparent: `00-${'e'.repeat(32)}-${'f'.repeat(16)}-01` });
    const span = await spanOf();
    expect(span).toMatchObject({
      parentSpanId: parent.spanId,
      trace: { traceId: parent.traceId, sampled: false },
    });
    expect(opened.servers.traces.at(-1)).toEqual(span.trace);
  });

  it('begins a trace with the decision about its sampling, without a trace of the host', async () => {
    await ask(opened, modernRequest(4, 'tools/list'));
    expect((await spanOf()).trace).toEqual(root);
    expect(opened.servers.traces.at(-1)).toEqual(root);
  });

  it('is missing for a stream that stays open', async () => {
    const streaming = await open();
    const listening = ask(streaming, listen);
    await waitFor(() => streaming.servers.traces.length === 1, { what: 'the stream' });
    await streaming.gateway.close();
    expect((await listening).status).toBe(200);
    expect(streaming.recorded.spans).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { callerHeaders } from '@action-mesh/contracts';
import { serviceKeyHeader } from '@action-mesh/platform';
import { compileTool } from '@action-mesh/tools/compile';

import type { MeshProcesses } from '@action-mesh/mesh-processes';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { atMost, type ResultRow } from '../result-row.js';
import { median, rounded } from '../statistics.js';

const run = promisify(execFile);

/** The cost of 2,000 tools for the services that hold them. */
interface LargeCatalog {
  readonly tools: number;
  /** From the request to its answer. Every tool is checked, stored and published. */
  readonly importMs: number;
  readonly gateway: ServiceStart;
  readonly executor: ServiceStart;
  /** From the request for a page of a thousand tools to the last byte of its answer. The median of nine. */
  readonly listMs: number;
  readonly listMb: number;
  /** From the approval of an override to its answer. Its consequences are planned, stored and published. */
  readonly approvalMs: number;
  /** From that answer to the end of a call of the new version. Gateway and executor both need to know it. */
  readonly arrivalMs: number;
}

/** The start of a service with all the tools. */
interface ServiceStart {
  /** From the start of the process until it accepts calls. */
  readonly startMs: number;
  /** Milliseconds of the same start without the tools. */
  readonly startWithoutMs: number;
  /** The resident memory that the tools add. */
  readonly addedMb: number;
  readonly residentMb: number;
}

const toolCount = 2_000;
const listedTools = 1_000;
const toolkit = 'bench_large';
type Service = 'gateway' | 'executor';

/** Measures start, memory and a change with 2,000 tools in the catalog. */
export async function largeCatalog({ say }: BenchSetting, mesh: BenchMesh): Promise<ResultRow[]> {
  const { gateway, executor, importMs, listMs, listMb, approvalMs, arrivalMs } = await measure(
    mesh.processes,
    say,
  );
  const section = `${toolCount.toLocaleString('en')} tools`;
  const ofService = (
    name: Service,
    { startMs, startWithoutMs, addedMb, residentMb }: ServiceStart,
  ): ResultRow[] => [
    {
      section,
      name: `start of the ${name}`,
      figure: startMs,
      unit: 'ms',
      target: atMost(2_000),
      note: `without them ${startWithoutMs} ms`,
    },
    {
      section,
      name: `added memory of the ${name}`,
      figure: addedMb,
      unit: 'MB',
      target: atMost(150),
      note: `of ${residentMb} MB`,
    },
  ];
  return [
    { section, name: 'import', figure: importMs, unit: 'ms' },
    ...ofService('gateway', gateway),
    ...ofService('executor', executor),
    {
      section,
      name: `list of ${listedTools.toLocaleString('en')} of them`,
      figure: listMs,
      unit: 'ms',
      target: atMost(50),
      note: `${listMb} MB`,
    },
    { section, name: 'approval of an override', figure: approvalMs, unit: 'ms' },
    { section, name: 'end of the first call with it', figure: arrivalMs, unit: 'ms', target: atMost(1_000) },
  ];
}

/** Puts 2,000 tools with the size of a large API's tools into a mesh, and measures it with them. */
async function measure(mesh: MeshProcesses, say: (line: string) => void): Promise<LargeCatalog> {
  const without = { gateway: await restart(mesh, 'gateway'), executor: await restart(mesh, 'executor') };

  const catalog = `${mesh.urlOf('catalog')}/internal/toolkits/${toolkit}`;
  const source = { document: 'bench', title: 'Bench', digest: '0'.repeat(64), select: [] };
  const tools = Array.from({ length: toolCount }, (_, index) => largeTool(index));
  const importMs = await timed(() => post(mesh, `${catalog}/imports`, { source, tools }));
  say(`  ${toolCount} tools imported in ${importMs} ms`);

  const start = async (service: Service): Promise<ServiceStart> => {
    const { startMs, residentMb } = await restart(mesh, service);
    const addedMb = residentMb - without[service].residentMb;
    say(
      `  ${service} with ${toolCount} tools: ready after ${startMs} ms (without: ${without[service].startMs} ms), ${addedMb} MB more`,
    );
    return { startMs, startWithoutMs: without[service].startMs, residentMb, addedMb };
  };
  const gateway = await start('gateway');
  const executor = await start('executor');

  const { listMs, listMb } = await list(mesh);
  say(`  a list of ${listedTools} tools took ${listMs} ms for ${listMb} MB`);

  const override = `${catalog}/tools/${nameOf(0)}/overrides`;
  await post(mesh, override, { patch: { description: 'Said better.' } }, 'ada');
  const approvalMs = await timed(() => post(mesh, `${override}/1/approve`, {}, 'grace'));
  const arrivalMs = await timed(() => untilCallable(mesh, '1.0.1'));
  say(`  an override was approved in ${approvalMs} ms, and a call had run with it ${arrivalMs} ms later`);
  return { tools: toolCount, importMs, gateway, executor, listMs, listMb, approvalMs, arrivalMs };
}

async function list({ gatewayUrl, apiKey }: MeshProcesses): Promise<Pick<LargeCatalog, 'listMs' | 'listMb'>> {
  const times: number[] = [];
  let bytes = 0;
  // The gateway writes each tool once and keeps its text, so the first list takes longer.
  for (let run = 0; run < 10; run += 1) {
    const startedAtMs = performance.now();
    const response = await fetch(`${gatewayUrl}/v1/tools?limit=${listedTools}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    bytes = (await response.arrayBuffer()).byteLength;
    if (run > 0) times.push(performance.now() - startedAtMs);
  }
  return { listMs: rounded(median(times)), listMb: rounded(bytes / 1_000_000) };
}

async function restart(
  mesh: MeshProcesses,
  service: Service,
): Promise<Pick<ServiceStart, 'startMs' | 'residentMb'>> {
  await mesh.stop(service);
  const startMs = await timed(() => mesh.start(service));
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(mesh.pidOf(service))]);
  return { startMs, residentMb: Math.round(Number(stdout.trim()) / 1024) };
}

async function untilCallable({ gatewayUrl, apiKey }: MeshProcesses, version: string): Promise<void> {
  const giveUpAtMs = performance.now() + 30_000;
  for (;;) {
    const response = await fetch(`${gatewayUrl}/v1/tools/${nameOf(0)}/execute`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        prefer: 'wait=30',
      },
      body: JSON.stringify({
        user_id: 'ada',
        agent: { id: 'bench', run_id: 'update' },
        version,
        arguments: { argument_0: 'x' },
      }),
    });
    const text = await response.text();
    if (response.ok && (JSON.parse(text) as { status: string }).status === 'succeeded') return;
    if (response.status !== 404 || performance.now() > giveUpAtMs)
      throw new Error(`the call ended in ${text}`);
  }
}

async function post(
  { serviceKey }: MeshProcesses,
  url: string,
  body: unknown,
  holder = 'ada',
): Promise<void> {
  const caller = callerHeaders({ tenantId: 'default', holder, scopes: new Set() });
  const headers = { ...caller, 'content-type': 'application/json', [serviceKeyHeader]: serviceKey };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the catalog answered ${response.status}: ${text.slice(0, 500)}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return Math.round(performance.now() - startedAtMs);
}

function nameOf(index: number): string {
  return `bench_large_${index}`;
}

/** A tool of 6 kB, the mean size of GitHub's tools: a few arguments, and an answer with many members. */
function largeTool(index: number): unknown {
  const text = (place: string): object => ({
    type: 'string',
    description: `The ${place} of the thing, as the provider's own documentation has it.`,
  });
  const members = (name: string, count: number): Record<string, object> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, each) => [`${name}_${each}`, text(`${name} ${each}`)]),
    );
  const compiled = compileTool({
    slug: nameOf(index),
    version: '1.0.0',
    toolkit: toolkit,
    provider: { slug: 'sim_bench', baseUrl: 'http://127.0.0.1:9' },
    description: `Writes thing number ${index} and returns it as it is then.`,
    input: { type: 'object', properties: members('argument', 6), required: ['argument_0'] },
    output: { type: 'object', properties: members('member', 40) },
    http: { method: 'POST', path: '/echo' },
    effect: { class: 'opaque' },
  });
  if (!compiled.ok) throw new Error(`tool ${index}: ${JSON.stringify(compiled.problems)}`);
  return compiled.tool;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { MeshProcesses } from '@action-mesh/mesh-processes';

import type { DemoTenant } from './accounts.js';

/** What the history says about one run, and where its proof lies. */
export interface ToldStory {
  readonly runId: string;
  /** The trace of the run's first call. */
  readonly traceId: string;
  /** Thought, action and observation of each call, as text for people. */
  readonly text: string;
  /** Whether the history of the tenant is intact. */
  readonly isIntact: boolean;
  /** The exported history of the tenant. */
  readonly file: string;
  /** The key that verifies the export. */
  readonly publicKey: string;
}

interface ToldRun {
  readonly calls?: readonly { readonly status: string; readonly trace_id: string }[];
}

/** The folder of the export, below the folder in which the command runs. */
const folder = '.mesh/demo';

/**
 * Asks the history why the agent did what it did, verifies it, and keeps an export, because the database of the demo ends
 * with it. Waits until the history knows the end of the run's calls.
 */
export async function tellRun(
  { gatewayUrl }: MeshProcesses,
  { ownerKey }: DemoTenant,
  { runId, calls }: { readonly runId: string; readonly calls: number },
  until: (condition: () => Promise<boolean>) => Promise<void>,
): Promise<ToldStory> {
  const read = async (path: string, accept = 'application/json'): Promise<string> => {
    const answer = await fetch(`${gatewayUrl}${path}`, {
      headers: { authorization: `Bearer ${ownerKey}`, accept },
    });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 404)
      throw new Error(`GET ${path} was answered ${answer.status}: ${text}`);
    return text;
  };
  const path = `/v1/runs/${encodeURIComponent(runId)}`;
  let told: NonNullable<ToldRun['calls']> = [];
  await until(async () => {
    told = (JSON.parse(await read(path)) as ToldRun).calls ?? [];
    // Until a copy of a call has its outcome, the history does not know that it is a copy.
    return told.length === calls && told.every(({ status }) => status === 'succeeded');
  });
  const text = await read(path, 'text/plain');
  const { intact } = JSON.parse(await read('/v1/audit/verify')) as { readonly intact: boolean };
  const { public_key: publicKey } = JSON.parse(await read('/v1/audit/checkpoint')) as {
    readonly public_key: string;
  };
  const file = join(folder, 'history.jsonl');
  await mkdir(folder, { recursive: true });
  await writeFile(file, await read('/v1/audit/export', 'application/x-ndjson'));
  return { runId, traceId: told[0]?.trace_id ?? '', text, isIntact: intact, file, publicKey };
}

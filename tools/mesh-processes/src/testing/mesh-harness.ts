import { fileURLToPath } from 'node:url';

import { createDatabase, OwnTopics, type Devstack } from '@action-mesh/devstack';
import { defined } from '@action-mesh/kernel';
import { OpenResources } from '@action-mesh/platform';
import { startProviderSimulator, type ProviderSimulator } from '@action-mesh/testing';

import { MeshProcesses } from '../mesh-processes.js';

/** A whole mesh in processes of its own with its provider. It shares nothing with other tests. */
export interface MeshHarness {
  readonly mesh: MeshProcesses;
  readonly oracle: ProviderSimulator;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** The changes of a test to its mesh. Further options go to the provider simulator. */
export interface MeshChanges {
  readonly providerUrls?: Readonly<Record<string, string>>;
  readonly executorVariables?: Readonly<Record<string, string>>;
  /** Further variables of all services. */
  readonly variables?: Readonly<Record<string, string>>;
  /** @default 'four processes' */
  readonly form?: 'one process' | 'four processes';
  /** Whether audit runs. @default false */
  readonly audit?: boolean;
  /** The folder of flows. Absent: no service for flows runs. */
  readonly flows?: string;
}

export async function startMesh({
  providerUrls = {},
  executorVariables = {},
  variables = {},
  form = 'four processes',
  audit = false,
  flows,
}: MeshChanges = {}): Promise<MeshHarness> {
  const open = new OpenResources();
  const { KAFKA_BROKERS = '', DATABASE_URL = '', REDIS_URL } = process.env;
  const brokers = KAFKA_BROKERS.split(',');
  try {
    const { prefix: topicPrefix } = open.use(new OwnTopics(brokers, 'test'));
    const database = open.use(await createDatabase(DATABASE_URL, 'mesh_test'));
    const oracle = open.use(await startProviderSimulator());
    const devstack: Pick<Devstack, 'kafkaBrokers' | 'redisUrl'> = {
      kafkaBrokers: brokers,
      ...defined({ redisUrl: REDIS_URL }),
    };
    const mesh = open.use(
      new MeshProcesses({
        devstack,
        topicPrefix,
        databaseUrl: database.url,
        tools: fileURLToPath(new URL('./tools', import.meta.url)),
        providerUrls: { sim: oracle.url, ...providerUrls },
        egressAllow: [oracle.url, ...Object.values(providerUrls)].map((url) => new URL(url).host),
        executorVariables,
        variables,
        audit,
        ...defined({ flows }),
        onUnexpectedExit: (error) => {
          throw error;
        },
      }),
    );
    await (form === 'one process' ? mesh.start('all') : mesh.startAll());
    return { mesh, oracle, brokers, topicPrefix, databaseUrl: database.url, close: () => open.close() };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** Sends a request to the gateway, without any library of ours. */
export async function ask(
  mesh: MeshProcesses,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<GatewayAnswer> {
  const response = await fetch(`${mesh.gatewayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${mesh.apiKey}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as GatewayAnswer['body']),
  };
}

/** A call in a run of its own, so it equals no other call. */
export function callOf(args: object, runId: string): object {
  return { user_id: 'ada', agent: { id: 'tester', run_id: runId }, arguments: args };
}

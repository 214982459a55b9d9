import { auditConfig, startAudit } from '@action-mesh/audit';
import { authBrokerConfig, startAuthBroker } from '@action-mesh/auth-broker';
import { catalogConfig, startCatalog, type PublicationReport } from '@action-mesh/catalog';
import {
  createDatabase,
  OwnTopics,
  startDevstack,
  type DataFolder,
  type Devstack,
} from '@action-mesh/devstack';
import { executorConfig, startExecutor } from '@action-mesh/executor';
import { flowsConfig, startFlows } from '@action-mesh/flows';
import { gatewayConfig, startGateway } from '@action-mesh/gateway';
import { leadTools } from '@action-mesh/lead-agent';
import { RecordHandover, withHandover } from '@action-mesh/messaging';
import { OpenResources, runMain, type Environment, type RunningService } from '@action-mesh/platform';
import { rateGovernorConfig, startRateGovernor } from '@action-mesh/rate-governor';
import { startProviderSimulator } from '@action-mesh/testing';
import { startWebhooks, webhooksConfig } from '@action-mesh/webhooks';

import { auditVariables } from './audit-key.js';
import { freshKeys, givenApiKey, keysIn } from './mesh-keys.js';
import type { StartPorts } from './ports.js';
import { toolLines, toolWarnings } from './tool-lines.js';
import { Troubles } from './troubles.js';
import { vaultVariables } from './vault-key.js';
import { welcome, type Started } from './welcome.js';

interface StartMeshOptions {
  readonly ports: StartPorts;
  /** Absent for a mesh without kept data. */
  readonly dataFolder: DataFolder | undefined;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * The addresses that calls of this mesh may reach beside the public internet: this machine, on every port. The list is
 * the same at every start.
 */
const thisMachine = ['localhost:*', '127.0.0.0/8:*', '[::1]:*'];

const say = (line: string): void => console.log(line);

/** Runs a mesh until a signal stops this process. */
export async function runMesh(options: Omit<StartMeshOptions, 'signal'>): Promise<void> {
  await runMain((signal) => startMesh({ ...options, signal }));
}

/**
 * Starts everything on this machine, in one process: infrastructure, services, a provider, and the demo tools for it.
 */
async function startMesh(options: StartMeshOptions): Promise<RunningService> {
  const open = new OpenResources();
  try {
    return await start(options, open);
  } catch (error) {
    await open.close().catch(() => undefined);
    throw error;
  }
}

async function start(
  { ports, dataFolder, environment, signal }: StartMeshOptions,
  open: OpenResources,
): Promise<RunningService> {
  if (dataFolder !== undefined) open.use(dataFolder);
  const givenKey = givenApiKey(environment);
  const kept = dataFolder === undefined ? freshKeys() : await keysIn(dataFolder.path);
  const keys = givenKey === undefined ? kept : { ...kept, apiKey: givenKey };
  const { apiKey, publisherToken, serviceKey } = keys;
  // The variables of the gateway are checked before any service starts.
  gatewayConfig({ ...environment, KAFKA_BROKERS: '127.0.0.1:9092', MESH_SERVICE_KEY: serviceKey });
  const devstack = open.use(
    await startDevstack({
      report: say,
      signal,
      ...(dataFolder === undefined ? {} : { keepIn: dataFolder }),
    }),
  );
  const { shared, databaseUrl } = await ownPlace(devstack, dataFolder, environment, open);
  const provider = open.use(await startProviderSimulator({ port: ports.provider }));
  const allowed = [environment['EGRESS_ALLOW'] ?? '', ...thisMachine].filter((entry) => entry.trim() !== '');
  const inside = { ...shared, HOST: '127.0.0.1', DATABASE_URL: databaseUrl, MESH_SERVICE_KEY: serviceKey };

  const publicUrl = `http://127.0.0.1:${ports.gateway}`;
  const vault = await vaultVariables('auth-broker', dataFolder?.path, { environment, databaseUrl });
  const authBroker = open.use(
    await startAuthBroker(
      authBrokerConfig({
        AUTH_BROKER_PLATFORM_KEY: apiKey,
        AUTH_BROKER_PLATFORM_PUBLISHER: publisherToken,
        MESH_PUBLIC_URL: publicUrl,
        ...vault,
        ...inside,
        EGRESS_ALLOW: allowed.join(','),
        PORT: String(ports.authBroker),
      }),
    ),
  );
  const handover = new RecordHandover();
  const executorSettings = executorConfig({
    ...(devstack.redisUrl === undefined ? {} : { REDIS_URL: devstack.redisUrl }),
    ...inside,
    EGRESS_ALLOW: allowed.join(','),
    PORT: String(ports.executor),
  });
  const executor = open.use(await startExecutor(withHandover(executorSettings, handover)));
  const rateGovernor = open.use(
    await startRateGovernor(rateGovernorConfig({ ...inside, PORT: String(ports.rateGovernor) })),
  );
  const webhooks = open.use(
    await startWebhooks(
      webhooksConfig({
        MESH_PUBLIC_URL: publicUrl,
        ...(await vaultVariables('webhooks', dataFolder?.path, { environment, databaseUrl })),
        ...inside,
        EGRESS_ALLOW: allowed.join(','),
        PORT: String(ports.webhooks),
      }),
    ),
  );
  const audit = open.use(
    await startAudit(
      auditConfig({
        ...(await auditVariables(dataFolder?.path, { environment, databaseUrl })),
        ...inside,
        PORT: String(ports.audit),
      }),
    ),
  );
  const flowsFolder = (environment['FLOWS'] ?? '').trim();
  // An idle service for flows would only cost time.
  const flows =
    flowsFolder === ''
      ? undefined
      : open.use(await startFlows(flowsConfig({ ...inside, FLOWS: flowsFolder, PORT: String(ports.flows) })));
  // An empty variable counts as not set.
  const ownTools = (environment['CATALOG_TOOLS'] ?? '').trim();
  const reports: PublicationReport[] = [];
  const onReport = (report: PublicationReport): void => {
    // The welcome shows the first report.
    if (reports.push(report) > 1) toolLines(report, ownTools).forEach(say);
  };
  const catalog = open.use(
    await startCatalog(
      catalogConfig({
        CATALOG_MODE: 'development',
        CATALOG_OWNER: 'npm-start',
        ...inside,
        EGRESS_ALLOW: allowed.join(','),
        CATALOG_PROVIDER_URLS: providerUrls(provider.url, environment['CATALOG_PROVIDER_URLS']),
        CATALOG_TOOLS: [leadTools, ...(ownTools === '' ? [] : [ownTools])].join(','),
        PORT: String(ports.catalog),
      }),
      { onReport },
    ),
  );
  const kafka = {
    brokers: devstack.kafkaBrokers,
    clientId: 'npm-start',
    topicPrefix: shared['KAFKA_TOPIC_PREFIX'] ?? '',
  };
  await open.use(new Troubles(kafka, say)).start();
  const gatewaySettings = gatewayConfig({
    MESH_PUBLIC_URL: publicUrl,
    ...shared,
    AUTH_BROKER_URL: authBroker.url,
    MESH_SERVICE_KEY: serviceKey,
    CATALOG_URL: catalog.url,
    EXECUTOR_URL: executor.url,
    RATE_GOVERNOR_URL: rateGovernor.url,
    WEBHOOKS_URL: webhooks.url,
    AUDIT_URL: audit.url,
    FLOWS_URL: flows?.url ?? `http://127.0.0.1:${ports.flows}`,
    PORT: String(ports.gateway),
  });
  const gateway = open.use(await startGateway(withHandover(gatewaySettings, handover), signal));
  const [report] = reports;
  say(
    welcome({
      gatewayUrl: gateway.url,
      keys: givenKey === undefined ? keys : undefined,
      dataFolder: dataFolder?.path,
      database: placeOf(devstack),
      kafkaBrokers: devstack.kafkaBrokers,
      tools: (report?.locations ?? []).map(({ location, tools: count, refused }) => ({
        location: location === leadTools ? undefined : location,
        count,
        refused,
      })),
      warnings: report === undefined ? [] : toolWarnings(report, ownTools),
    }),
  );
  const close = (): Promise<void> => open.close();
  return { name: 'standalone', url: gateway.url, close, [Symbol.asyncDispose]: close };
}

function placeOf({ components }: Devstack): Started['database'] {
  const source = components.find(({ name }) => name === 'postgres')?.source;
  return source === 'environment' || source === 'running stack' ? source : 'this start';
}

/** Gives a mesh without kept data topics and a database of its own, also on shared infrastructure. */
async function ownPlace(
  devstack: Devstack,
  dataFolder: DataFolder | undefined,
  environment: Environment,
  open: OpenResources,
): Promise<{ readonly shared: Record<string, string | undefined>; readonly databaseUrl: string }> {
  const brokers = devstack.kafkaBrokers;
  const shared = { LOG_LEVEL: 'error', ...environment, KAFKA_BROKERS: brokers.join(',') };
  if (dataFolder !== undefined) return { shared, databaseUrl: devstack.databaseUrl };
  const { prefix } = open.use(new OwnTopics(brokers, 'fresh'));
  const database = open.use(await createDatabase(devstack.databaseUrl, 'mesh_fresh'));
  return { shared: { ...shared, KAFKA_TOPIC_PREFIX: prefix }, databaseUrl: database.url };
}

/** Points the demo's providers to the simulator. The catalog refuses a variable that is not a JSON object. */
function providerUrls(url: string, given = ''): string {
  const demo = { sim_enrich: url, sim_crm: url, sim_slack: url };
  if (given.trim() === '') return JSON.stringify(demo);
  try {
    const own: unknown = JSON.parse(given);
    return typeof own === 'object' && own !== null && !Array.isArray(own)
      ? JSON.stringify({ ...demo, ...own })
      : given;
  } catch {
    return given;
  }
}

import { createHash, randomBytes } from 'node:crypto';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';
import { freePorts, isFree } from '../native/free-ports.js';
import type { KeptServers } from '../native/kept-servers.js';

type BindMount = Parameters<GenericContainer['withBindMounts']>[0][number];

/** A component in a container. If this process dies, testcontainers' own reaper removes it. */
export interface ContainerServer<Address> {
  readonly address: Address;
  readonly stop: () => Promise<void>;
}

export const images = {
  kafka: 'apache/kafka:4.4.0',
  postgres: 'postgres:18',
  redis: 'redis:8',
} as const;

const startTimeoutMs = 180_000; // the first start pulls the image

export async function startKafkaContainer(kept?: KeptServers): Promise<ContainerServer<string[]>> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
  // A broker must know its outside address before it starts, so the port is chosen here and not by the engine.
  const [before] = kept?.portsOf('kafka container') ?? [];
  const [port = 0] = before !== undefined && (await isFree(before)) ? [before] : await freePorts(1);
  kept?.keepPorts('kafka container', [port]);
  const container = await new GenericContainer(images.kafka)
    .withBindMounts(volume(kept, 'kafka', '/var/lib/kafka/data'))
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'CLIENT://:9092,DIRECT://:9093,CONTROLLER://:9094',
      KAFKA_ADVERTISED_LISTENERS: `CLIENT://${host}:${port},DIRECT://localhost:9093`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'DIRECT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9094',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(startTimeoutMs)
    .start();
  return { address: [`${host}:${port}`], stop: () => stop(container, kept) };
}

export async function startPostgresContainer(kept?: KeptServers): Promise<ContainerServer<string>> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = kept?.postgresPassword ?? randomBytes(12).toString('hex');
  const hasData = kept?.postgresPassword !== undefined;
  kept?.keepPassword(password);
  const container = await new GenericContainer(images.postgres)
    .withBindMounts(volume(kept, 'postgres', '/var/lib/postgresql'))
    .withExposedPorts(5432)
    .withEnvironment({ POSTGRES_USER: 'mesh', POSTGRES_PASSWORD: password, POSTGRES_DB: 'mesh' })
    .withCommand(['postgres', '-c', 'shared_buffers=256MB', '-c', 'max_connections=200'])
    // The message appears once during the set-up of a new database, and once for the real server.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, hasData ? 1 : 2))
    .withStartupTimeout(startTimeoutMs)
    .start();
  const address = `postgres://mesh:${password}@${container.getHost()}:${container.getMappedPort(5432)}/mesh`;
  return { address, stop: () => stop(container, kept) };
}

export async function startRedisContainer(): Promise<ContainerServer<string>> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(images.redis)
    .withExposedPorts(6379)
    .withCommand(['redis-server', '--save', '', '--appendonly', 'no'])
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(startTimeoutMs)
    .start();
  return {
    address: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    stop: () => stop(container),
  };
}

async function stop(container: StartedTestContainer, kept?: KeptServers): Promise<void> {
  await container.stop({ timeout: kept === undefined ? 1_000 : 20_000 });
}

/** A named volume, which the engine keeps when the container is removed. */
function volume(kept: KeptServers | undefined, name: string, target: string): BindMount[] {
  if (kept === undefined) return [];
  const checkout = createHash('sha256').update(kept.folder).digest('hex').slice(0, 12);
  return [{ source: `action-mesh-${checkout}-${name}`, target, mode: 'rw' }];
}

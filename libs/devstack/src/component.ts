export type ComponentName = 'kafka' | 'postgres' | 'redis';

export const allComponents: readonly ComponentName[] = ['kafka', 'postgres', 'redis'];

/** The source of a component, in the order of preference. */
export type Source = 'environment' | 'running stack' | 'container' | 'native' | 'none';

/** A found or started component. */
export interface Component {
  readonly name: ComponentName;
  readonly source: Source;
  /** Product and version, as far as they are known: `Apache Kafka 4.4.0`. */
  readonly what: string;
  /** Host and port for people, without credentials. */
  readonly address: string;
  readonly tookMs: number;
}

/** The addresses for a program's connections. */
export interface Addresses {
  readonly kafkaBrokers?: readonly string[];
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

/** Describes a component in one line: product, source, address and start time. */
export function describeComponent({ name, source, what, address, tookMs }: Component): string {
  const label = `${name}:`.padEnd(10);
  if (source === 'none')
    return `${label}none; the mesh runs on local limits (put redis-server on the PATH to have it)`;
  const origin = {
    environment: 'given by the environment',
    'running stack': 'from the running stack',
  } as const;
  const from = source in origin ? origin[source as keyof typeof origin] : source;
  return `${label}${what}, ${from}, at ${address}, ${(tookMs / 1000).toFixed(1)} s`;
}

/** Host and port of a URL, without its credentials. */
export function hostAndPort(url: string, defaultPort: number): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? defaultPort : port}`;
}

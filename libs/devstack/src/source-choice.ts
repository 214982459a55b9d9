import type { ComponentName, Source } from './component.js';
import { InfrastructureMissingError } from './devstack.errors.js';
import { neededJava } from './native/programs.js';
import type { Programs } from './native/programs.js';

/** The facts about the machine that decide the choice. */
export interface SourceFacts {
  /** Components with an address in the environment. */
  readonly given: ReadonlySet<ComponentName>;
  /** True when the background stack of this checkout answers. */
  readonly stackRuns: boolean;
  /** Components of the background stack. It may lack Redis. */
  readonly inStack: ReadonlySet<ComponentName>;
  readonly containerEngine: boolean;
  readonly programs: Programs;
  /** True when the jars of Kafka are present, so Maven is not needed. */
  readonly kafkaInstalled: boolean;
  readonly postgresBinaries: boolean;
}

/** Chooses the source of each component. Throws one error that names all missing software. */
export function chooseSources(
  need: readonly ComponentName[],
  facts: SourceFacts,
): ReadonlyMap<ComponentName, Source> {
  const sources = new Map(need.map((name) => [name, chooseSource(name, facts)]));
  const problems = missingForNative(
    need.filter((name) => sources.get(name) === 'native'),
    facts,
  );
  if (problems.length > 0) {
    throw new InfrastructureMissingError(
      `${problems.join(' ')} Or start a container engine (Docker or Podman), which is used when it answers.`,
    );
  }
  return sources;
}

/** One sentence with the reason and the fix, for each component that cannot run natively here. */
export function missingForNative(
  names: readonly ComponentName[],
  facts: Pick<SourceFacts, 'programs' | 'kafkaInstalled' | 'postgresBinaries'>,
): string[] {
  return [
    ...(names.includes('kafka') ? kafkaProblems(facts) : []),
    ...(names.includes('postgres') ? postgresProblems(facts) : []),
    ...(names.includes('redis') ? redisProblems(facts) : []),
  ];
}

function chooseSource(name: ComponentName, facts: SourceFacts): Source {
  if (facts.given.has(name)) return 'environment';
  if (facts.stackRuns && (name === 'redis' || facts.inStack.has(name))) {
    return facts.inStack.has(name) ? 'running stack' : 'none';
  }
  if (facts.containerEngine) return 'container';
  if (name === 'redis' && facts.programs.redisServer === undefined) return 'none';
  return 'native';
}

function kafkaProblems({
  programs,
  kafkaInstalled,
}: Pick<SourceFacts, 'programs' | 'kafkaInstalled'>): string[] {
  const { java, maven } = programs;
  const missing = [
    ...(java !== undefined && java.version >= neededJava ? [] : [`a JDK ${neededJava} or newer`]),
    ...(maven !== undefined || kafkaInstalled ? [] : ['Maven (mvn)']),
  ];
  if (missing.length === 0) return [];
  const tooOld =
    java !== undefined && java.version < neededJava ? `; found Java ${java.version} (${java.path})` : '';
  return [
    `Kafka cannot start on this machine: install ${missing.join(' and ')}${tooOld}, or set KAFKA_BROKERS.`,
  ];
}

function postgresProblems({ postgresBinaries }: Pick<SourceFacts, 'postgresBinaries'>): string[] {
  if (postgresBinaries) return [];
  return [
    'PostgreSQL cannot start on this machine: npm has no server binaries for this platform; set DATABASE_URL.',
  ];
}

function redisProblems({ programs }: Pick<SourceFacts, 'programs'>): string[] {
  if (programs.redisServer !== undefined) return [];
  return ['Redis cannot start on this machine: put redis-server on the PATH, or set REDIS_URL.'];
}

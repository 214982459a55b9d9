import { InfrastructureMissingError } from './devstack.errors.js';
import type { ComponentName } from './component.js';
import { chooseSources } from './source-choice.js';
import type { SourceFacts } from './source-choice.js';

const bare: SourceFacts = {
  given: new Set(),
  stackRuns: false,
  inStack: new Set(),
  containerEngine: false,
  programs: {},
  kafkaInstalled: false,
  postgresBinaries: false,
};
const equipped: SourceFacts = {
  ...bare,
  programs: {
    java: { path: '/jdk/bin/java', version: 17 },
    maven: '/bin/mvn',
    redisServer: '/bin/redis-server',
  },
  postgresBinaries: true,
};
const all: readonly ComponentName[] = ['kafka', 'postgres', 'redis'];
const choose = (facts: SourceFacts, need = all) => Object.fromEntries(chooseSources(need, facts));

function refusal(facts: SourceFacts, need = all): string {
  try {
    chooseSources(need, facts);
  } catch (error) {
    expect(error).toBeInstanceOf(InfrastructureMissingError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('the source of a component', () => {
  it('is the environment first', () => {
    const everything = { ...equipped, stackRuns: true, inStack: new Set(all), containerEngine: true };
    expect(choose({ ...everything, given: new Set(all) })).toEqual({
      kafka: 'environment',
      postgres: 'environment',
      redis: 'environment',
    });
    expect(choose({ ...everything, given: new Set(['postgres']) })).toMatchObject({
      kafka: 'running stack',
      postgres: 'environment',
    });
  });

  it('is the running stack before new containers', () => {
    const facts = { ...equipped, stackRuns: true, inStack: new Set(all), containerEngine: true };
    expect(new Set(Object.values(choose(facts)))).toEqual(new Set(['running stack']));
  });

  it('is none for Redis when the running stack has none', () => {
    const inStack = new Set<ComponentName>(['kafka', 'postgres']);
    expect(choose({ ...equipped, stackRuns: true, inStack })).toMatchObject({ redis: 'none' });
  });

  it('is a container before a native server', () => {
    expect(new Set(Object.values(choose({ ...equipped, containerEngine: true })))).toEqual(
      new Set(['container']),
    );
  });

  it('is native without an engine, and no Redis without redis-server', () => {
    expect(choose(equipped)).toEqual({ kafka: 'native', postgres: 'native', redis: 'native' });
    const { java, maven } = equipped.programs;
    const programs = { ...(java && { java }), ...(maven && { maven }) };
    expect(choose({ ...equipped, programs })).toMatchObject({ redis: 'none' });
  });

  it('is looked for only for needed components', () => {
    expect(choose(bare, ['redis'])).toEqual({ redis: 'none' });
  });
});

describe('the missing software', () => {
  it('is named once, in one error', () => {
    expect(refusal(bare)).toBe(
      'Kafka cannot start on this machine: install a JDK 17 or newer and Maven (mvn), or set KAFKA_BROKERS. ' +
        'PostgreSQL cannot start on this machine: npm has no server binaries for this platform; set DATABASE_URL. ' +
        'Or start a container engine (Docker or Podman), which is used when it answers.',
    );
  });

  it('is only Maven when Java is present', () => {
    const { java } = equipped.programs;
    expect(refusal({ ...equipped, programs: { ...(java && { java }) } })).toMatch(
      /install Maven \(mvn\), or/,
    );
  });

  it('is not Maven when the jars are present', () => {
    const { java } = equipped.programs;
    const facts = { ...equipped, kafkaInstalled: true, programs: { ...(java && { java }) } };
    expect(choose(facts)).toMatchObject({ kafka: 'native' });
  });

  it('names the Java that is too old', () => {
    const programs = { ...equipped.programs, java: { path: '/old/java', version: 11 } };
    expect(refusal({ ...equipped, programs })).toMatch(
      /install a JDK 17 or newer; found Java 11 \(\/old\/java\), or set KAFKA_BROKERS/,
    );
  });

  it('does not matter for components from the environment', () => {
    expect(choose({ ...bare, given: new Set(['kafka', 'postgres']) })).toMatchObject({ redis: 'none' });
  });
});

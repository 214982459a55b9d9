import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from '../checkout.js';
import { InfrastructureMissingError } from '../devstack.errors.js';
import type { Run } from '../run/run.js';
import type { Programs } from './programs.js';

/** An installed Apache Kafka: its jars, and a formatted data folder. Every run copies the folder. */
export interface KafkaDistribution {
  readonly version: string;
  readonly classPath: string;
  readonly formattedFolder: string;
}

const progressEveryMs = 1_000;

/** True when the jars are present, so Maven is not needed. */
export async function isKafkaInstalled(checkout: Checkout): Promise<boolean> {
  return existsSync((await layOut(checkout)).folder);
}

/**
 * Downloads the jars once per checkout. They are prepared in the folder of the run and renamed into place as a whole.
 * So one of two parallel first runs wins, and a broken download leaves nothing behind.
 */
export async function installKafka(
  checkout: Checkout,
  run: Run,
  programs: Programs,
  report: (line: string) => void,
): Promise<KafkaDistribution> {
  const { folder, distribution } = await layOut(checkout);
  if (existsSync(folder)) return distribution;
  const draft = join(run.folder, 'kafka-install');
  await mkdir(draft);
  await resolveJars(checkout, run, programs, draft, report);
  await formatTemplate(checkout, run, programs, draft);
  await mkdir(checkout.kafkaFolder, { recursive: true });
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    await rm(draft, { recursive: true, force: true });
  }
  return distribution;
}

async function layOut(checkout: Checkout): Promise<{ folder: string; distribution: KafkaDistribution }> {
  const inputs = ['pom.xml', 'kafka.properties'].map((name) => readFile(join(checkout.localDeploy, name)));
  const [pom, properties] = (await Promise.all(inputs)) as [Buffer, Buffer];
  const version = /<kafka\.version>(.+)<\/kafka\.version>/.exec(pom.toString())?.[1] ?? 'unknown';
  const digest = createHash('sha256').update(pom).update(properties).digest('hex').slice(0, 12);
  const folder = join(checkout.kafkaFolder, `${version}-${digest}`);
  const distribution = {
    version,
    classPath: join(folder, 'jars', '*'),
    formattedFolder: join(folder, 'formatted'),
  };
  return { folder, distribution };
}

async function resolveJars(
  checkout: Checkout,
  run: Run,
  programs: Programs,
  draft: string,
  report: (line: string) => void,
): Promise<void> {
  if (programs.maven === undefined) throw new InfrastructureMissingError('Maven is missing');
  report('kafka: resolving the jars of Apache Kafka with Maven (once per checkout)');
  const resolving = run.execute('Kafka', {
    name: 'maven',
    command: programs.maven,
    args: [
      ...['-B', '-f', join(checkout.localDeploy, 'pom.xml'), 'dependency:copy-dependencies'],
      ...['-DincludeScope=runtime', `-DoutputDirectory=${join(draft, 'jars')}`],
    ],
  });
  let reported = 0;
  const progress = setInterval(() => {
    void readFile(join(run.folder, 'maven.log'), 'utf8').then(
      (log) => {
        const downloaded = log.match(/Downloaded from \S+ \S+\.jar/g)?.length ?? 0;
        if (downloaded > reported) report(`kafka: jars downloaded so far: ${downloaded}`);
        reported = downloaded;
      },
      () => undefined,
    );
  }, progressEveryMs);
  try {
    await resolving;
  } finally {
    clearInterval(progress);
  }
}

/**
 * Formats a data folder once, for every run to copy. Formatting needs a Java start of its own and does not depend on
 * ports.
 */
async function formatTemplate(
  checkout: Checkout,
  run: Run,
  programs: Programs,
  draft: string,
): Promise<void> {
  const formatted = join(draft, 'formatted');
  const properties = join(draft, 'format.properties');
  const staticPart = await readFile(join(checkout.localDeploy, 'kafka.properties'), 'utf8');
  const addresses = [
    'listeners=CLIENT://127.0.0.1:9092,DIRECT://127.0.0.1:9093,CONTROLLER://127.0.0.1:9094',
    'controller.quorum.voters=1@127.0.0.1:9094',
    `log.dirs=${formatted}`,
  ];
  await writeFile(properties, [staticPart, ...addresses, ''].join('\n'));
  await run.execute('Kafka', {
    name: 'kafka-format',
    command: programs.java?.path ?? 'java',
    args: [
      ...[
        '-cp',
        join(draft, 'jars', '*'),
        `-Dlog4j2.configurationFile=${join(checkout.localDeploy, 'log4j2.properties')}`,
      ],
      ...['-XX:-UsePerfData', 'kafka.tools.StorageTool', 'format', '-t', templateClusterId, '-c', properties],
    ],
  });
  await rm(properties);
}

/** The cluster id of the template. Every run replaces it by its own. */
export const templateClusterId = 'AAAAAAAAAAAAAAAAAAAAAA';

import type { Name } from './names.js';

export function configuration({ kebab, pascal, camel }: Name, port: number): string {
  return `import {
  kafkaConnection,
  kafkaVariables,
  loadConfig,
  logLevel,
  port,
  serviceKeyVariables,
  type DeepReadonly,
  type Environment,
} from '@action-mesh/platform';
import { z } from 'zod';

const schema = z
  .object({
    ...kafkaVariables,
    ...serviceKeyVariables,
    /** Where health is answered; 0 lets the system choose. */
    PORT: port.default(${port}),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: logLevel.default('info'),
  })
  .transform((variables, context) => ({
    kafka: kafkaConnection(variables, '${kebab}', context),
    serviceKey: variables.MESH_SERVICE_KEY,
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
  }));

export type ${pascal}Config = DeepReadonly<z.output<typeof schema>>;

/** Reads the environment; throws \`ConfigError\` with all problems at once. */
export function ${camel}Config(environment: Environment): ${pascal}Config {
  return loadConfig(schema, environment);
}
`;
}

export function configurationTest({ kebab, camel }: Name, port: number): string {
  return `import { ${camel}Config } from './config.js';

const required = { KAFKA_BROKERS: 'k1:9092', MESH_SERVICE_KEY: 'k'.repeat(48) };

describe('${camel}Config', () => {
  it('reads the environment, with defaults', () => {
    expect(${camel}Config(required)).toEqual({
      kafka: { brokers: ['k1:9092'], clientId: '${kebab}' },
      serviceKey: 'k'.repeat(48),
      port: ${port},
      host: '127.0.0.1',
      logLevel: 'info',
    });
  });

  it('names every variable that is wrong, and no value', () => {
    expect(() => ${camel}Config({ KAFKA_BROKERS: 'secret', PORT: 'secret', MESH_SERVICE_KEY: 'secret' })).toThrow(
      /^(?!.*secret)(?=.*KAFKA_BROKERS)(?=.*PORT)(?=.*MESH_SERVICE_KEY)/s,
    );
  });
});
`;
}

export function composition({ pascal }: Name): string {
  return `import { topicConfigurations } from '@action-mesh/contracts';
import { ensureTopics } from '@action-mesh/messaging';
import { Module, type DynamicModule } from '@nestjs/common';

import type { ${pascal}Config } from './config.js';

class ${pascal}Module {}
Module({})(${pascal}Module);

/** Binds ports to adapters and creates the topics that are missing. Rejects without Kafka. */
export async function compose${pascal}(config: ${pascal}Config): Promise<DynamicModule> {
  await ensureTopics(config.kafka, topicConfigurations);
  return { module: ${pascal}Module };
}
`;
}

export function starter({ kebab, pascal, title }: Name): string {
  return `import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import type { ${pascal}Config } from './config.js';
import { compose${pascal} } from './${kebab}.module.js';

/** Starts the ${title.toLowerCase()}. Rejects, with nothing left open, when Kafka does not answer. */
export async function start${pascal}(config: ${pascal}Config): Promise<RunningService> {
  const logger = createLogger({ service: '${kebab}', level: config.logLevel });
  const module = await compose${pascal}(config);
  const { host, port, serviceKey } = config;
  return await startService({ name: '${kebab}', module, host, port, logger, serviceKey });
}
`;
}

export function entry({ kebab, pascal, camel }: Name): string {
  return `// The service
export { start${pascal} } from './${kebab}.js';

// Configuration
export { ${camel}Config } from './config.js';
export type { ${pascal}Config } from './config.js';
`;
}

export function main({ kebab, pascal, camel }: Name): string {
  return `import { runMain } from '@action-mesh/platform';

import { ${camel}Config } from './config.js';
import { start${pascal} } from './${kebab}.js';

await runMain(() => start${pascal}(${camel}Config(process.env)));
`;
}

export function integrationTest({ kebab, pascal, camel, title }: Name): string {
  return `import { leakCheck } from '@action-mesh/testing';

import { ${camel}Config, start${pascal} } from '../src/index.js';

leakCheck();

describe('the ${title.toLowerCase()} on a real broker', () => {
  it('is ready once it has started', async () => {
    const brokers = process.env['KAFKA_BROKERS'] ?? '';
    await using service = await start${pascal}(
      ${camel}Config({
        KAFKA_BROKERS: brokers,
        KAFKA_TOPIC_PREFIX: '${kebab}-health.',
        MESH_SERVICE_KEY: 'k'.repeat(48),
        PORT: '0',
        LOG_LEVEL: 'silent',
      }),
    );
    expect((await fetch(\`\${service.url}/health/ready\`)).status).toBe(200);
  });
});
`;
}

export function library(libraries: readonly string[]): string {
  return `{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "composite": true,
    "rootDir": "src",
    "outDir": "dist",
    "tsBuildInfoFile": "dist/tsconfig.lib.tsbuildinfo"
  },
  "include": ["src/**/*.ts"],
  "exclude": ["src/**/*.test.ts"],
  "references": [${libraries.map((lib) => `{ "path": "../../libs/${lib}/tsconfig.lib.json" }`).join(', ')}]
}
`;
}

export function readme({ title }: Name, purpose: string, port: number): string {
  return `# ${title}

${purpose}

**Owns** no topic and no table. **Consumes** no topic. **Emits** no event.

| variable             | meaning                                                    | default             |
| -------------------- | ---------------------------------------------------------- | ------------------- |
| \`KAFKA_BROKERS\`, …   | as in [libs/platform](../../libs/platform/README.md#kafka) |                     |
| \`PORT\`, \`HOST\`       | where \`/health/*\` is answered                              | \`${port}\`, \`127.0.0.1\` |
| \`LOG_LEVEL\`          | \`fatal\` to \`trace\`, or \`silent\`                            | \`info\`              |
`;
}

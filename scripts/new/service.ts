import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { CheckoutFiles } from './checkout-files.js';
import { readName, readSentence, UsageError, type Name } from './names.js';
import {
  composition,
  configuration,
  configurationTest,
  entry,
  integrationTest,
  library,
  main,
  readme,
  starter,
} from './service-sources.js';

const dependencies = {
  ours: ['contracts', 'messaging', 'platform'],
  others: ['@nestjs/common', 'zod'],
};

/**
 * Writes a service that starts, answers health and drains. Adds it to the checkout's lists of services. Returns the
 * paths of all files. `purpose` is the first sentence of its README.
 */
export function newService(root: string, kebab: string, purpose: string): string[] {
  const name = readName(kebab);
  readSentence(purpose);
  const files = new CheckoutFiles(root);
  const home = `services/${name.kebab}`;
  const others = readdirSync(join(root, 'services'));
  if (others.includes(name.kebab)) throw new UsageError(`${home} exists already`);
  const port = freePort(files, others);

  files.add(`${home}/package.json`, manifest(files, name));
  files.add(`${home}/tsconfig.lib.json`, library(dependencies.ours));
  files.add(`${home}/README.md`, readme(name, purpose, port));
  files.add(`${home}/src/config.ts`, configuration(name, port));
  files.add(`${home}/src/config.test.ts`, configurationTest(name, port));
  files.add(`${home}/src/${name.kebab}.module.ts`, composition(name));
  files.add(`${home}/src/${name.kebab}.ts`, starter(name));
  files.add(`${home}/src/index.ts`, entry(name));
  files.add(`${home}/src/main.ts`, main(name));
  files.add(`${home}/test/health.integration.test.ts`, integrationTest(name));
  subscribe(files, name);
  files.edit(
    'docs/architecture.md',
    /^\| \[`services\/standalone`\]/m,
    (next) => `| [\`${home}\`](../${home}/README.md) | ${purpose} |\n${next}`,
  );
  return files.write();
}

function manifest(files: CheckoutFiles, name: Name): string {
  const neighbour = JSON.parse(files.read('services/rate-governor/package.json')) as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const all = [...dependencies.ours.map((lib) => `@action-mesh/${lib}`), ...dependencies.others];
  return json({
    ...neighbour,
    name: `@action-mesh/${name.kebab}`,
    dependencies: Object.fromEntries(
      all.map((packageName) => [packageName, neighbour.dependencies[packageName]]),
    ),
    nx: { tags: ['type:service', `scope:${name.kebab}`] },
  });
}

/** Adds an empty row to the subscription table, and the fixture that every rule has. */
function subscribe(files: CheckoutFiles, name: Name): void {
  files.edit(
    'scripts/boundaries/contracts-by-service.mjs',
    /^};$/m,
    (end) => `  '${name.kebab}': [],\n${end}`,
  );
  files.add(
    `scripts/boundaries/fixtures/dependency-cruiser/contracts-of-${name.kebab}/services/${name.kebab}/src/adapters/offender.ts`,
    "export { executor } from '@action-mesh/contracts/executor';\n",
  );
}

/** The port after the highest default port of a service. */
function freePort(files: CheckoutFiles, services: readonly string[]): number {
  const ports = services.flatMap((service) => {
    const path = `services/${service}/src/config.ts`;
    const [, port] = (files.has(path) ? /\bPORT: port\.default\((\d+)\)/.exec(files.read(path)) : null) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
  return Math.max(...ports) + 1;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

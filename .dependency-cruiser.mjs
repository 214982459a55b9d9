/**
 * The boundaries between folders: inside a project, and between projects. @nx/enforce-module-boundaries
 * (eslint.config.mjs) checks the dependencies *between* projects; the tags are in each package.json.
 *
 * No rule names a service, so a new service obeys them all without an edit here. Each rule names the alternative. Each
 * rule has a fixture under scripts/boundaries/fixtures that violates it once.
 */
import { contractsByService, passedOnContracts } from './scripts/boundaries/contracts-by-service.mjs';

const tests = String.raw`(\.test\.ts$|^(libs|services|clients|examples|tools)/[^/]+/test/)`;
const forTests = String.raw`(\.fake\.ts$|^(libs|services|clients|examples|tools)/[^/]+/src/testing/)`;
const builtinInput = String.raw`^(node:)?(fs|net|tls|http|https|http2|dns|dgram|child_process|worker_threads|cluster)(/|$)`;
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})(/|$)`;

const insideService = [
  {
    name: 'domain-is-pure',
    severity: 'error',
    comment:
      'The domain is state, transitions and rules. Pass its inputs as arguments (time, ids, data); put the I/O behind a port in application/ and implement that in adapters/.',
    from: { path: '^services/([^/]+)/src/domain/', pathNot: tests },
    to: {
      pathNot: [
        '^services/$1/src/domain/',
        '^libs/(kernel|contracts|tools|admission|providers|policies|triggers)/',
        // Its client talks to Kafka; the rest is rules.
        '^libs/connections/src/(?!client/)',
        packages('zod'),
        '^(node:)?crypto$',
      ],
    },
  },
  {
    name: 'application-imports-no-adapter',
    severity: 'error',
    comment:
      'A use case knows ports, not technology. Declare an interface and a Symbol of the same name beside the use case, inject it, and bind it to the adapter in <name>.module.ts.',
    from: { path: '^services/([^/]+)/src/application/', pathNot: tests },
    to: { path: '^services/$1/src/(adapters/|[^/]+$)' },
  },
  {
    name: 'application-does-no-io',
    severity: 'error',
    comment:
      'A use case does no I/O of its own. Declare a port beside it and move the client, the SQL or the socket to an adapter.',
    from: { path: '^services/([^/]+)/src/application/', pathNot: tests },
    to: {
      path: [
        '^libs/(postgres|egress)/',
        '^libs/governor/src/(?!governor\\.port\\.ts$)',
        packages(
          'pg',
          'kafkajs',
          'undici',
          'ioredis',
          'fastify',
          '@fastify',
          '@nestjs/(microservices|platform-[^/]+)',
        ),
        builtinInput,
      ],
    },
  },
  {
    name: 'adapters-are-bound-in-the-module',
    severity: 'error',
    comment:
      'Only the modules (src/<name>.module.ts) choose adapters. Depend on the port instead, and export the shared parts from the module.',
    from: {
      path: '^services/([^/]+)/src/',
      pathNot: [
        '^services/[^/]+/src/(adapters|application|domain)/',
        String.raw`^services/[^/]+/src/[^/]+\.module\.ts$`,
        tests,
      ],
    },
    to: { path: '^services/$1/src/adapters/' },
  },
];

const betweenFolders = [
  {
    name: 'relative-path-leaves-the-package',
    severity: 'error',
    comment: 'Import another package by its name (@action-mesh/...), through what its package.json exports.',
    from: { path: '^(libs|services|clients|examples|tools)/([^/]+)/' },
    to: { dependencyTypes: ['local'], pathNot: '^$1/$2/' },
  },
  {
    name: 'import-is-not-declared',
    severity: 'error',
    comment:
      "Add the package to the dependencies of the importing package's own package.json. Packages for tests may stand in the root's devDependencies.",
    from: { path: '^(libs|services|clients|examples|tools)/', pathNot: tests },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
  },
  {
    name: 'import-does-not-resolve',
    severity: 'error',
    comment: 'Correct the path, or export the file from the package that owns it.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-cycles',
    severity: 'error',
    comment:
      'Move what both files need into a third one that imports neither. A cycle hides which of the two is the foundation.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'production-code-imports-no-test',
    severity: 'error',
    comment: 'Move the shared code into libs/testing, or behind the ./testing subpath of its package.',
    from: { path: '^(libs|services|clients|examples|tools)/', pathNot: tests },
    to: { path: tests },
  },
  {
    name: 'production-code-imports-no-fake',
    severity: 'error',
    comment:
      'Images leave out fakes and src/testing. Import them in tests and in src/testing only; production code takes the port.',
    from: { path: '^(libs|services|clients|examples|tools)/', pathNot: [tests, forTests] },
    to: { path: forTests },
  },
  {
    name: 'runtime-knows-no-contract',
    severity: 'error',
    comment:
      'libs/messaging and similar libraries are generic over EventDefinition. Take the definition as an argument; the service passes it.',
    from: { path: '^libs/(messaging|postgres|egress|platform|crypto)/src/', pathNot: tests },
    to: { path: '^libs/contracts/' },
  },
  {
    name: 'kafka-client-stays-in-messaging',
    severity: 'error',
    comment:
      'Use the consumer and producer of @action-mesh/messaging, which guard against the defects of the client. Plain clients are for the development stack, the demo and the bench.',
    from: {
      path: '^(libs|services|clients|examples|tools)/',
      pathNot: ['^libs/(messaging|devstack)/', '^(tools|examples)/', tests],
    },
    to: { path: packages('kafkajs') },
  },
  {
    name: 'kafkajs-stays-in-its-adapter',
    severity: 'error',
    comment:
      'Use the port, src/adapter/kafka-client.port.ts, and extend it if necessary. Only the adapter knows kafkajs, so another client can replace it.',
    from: { path: '^libs/messaging/src/', pathNot: ['^libs/messaging/src/adapter/', tests] },
    to: { path: packages('kafkajs') },
  },
  {
    name: 'patches-are-switched-in-one-place',
    severity: 'error',
    comment:
      'Ask KafkaJsClient for a connection: it turns all patches on or off. Beside it, only the producer and the consumer of kafkajs know the messages that a patch makes.',
    from: {
      path: '^libs/messaging/src/',
      pathNot: [
        String.raw`^libs/messaging/src/adapter/(patches/|kafkajs-(client|consumer|producer)\.ts$)`,
        tests,
      ],
    },
    to: { path: '^libs/messaging/src/adapter/patches/' },
  },
];

/** The positive list of each service, and an empty one for every service that is not in the table. */
const subscriptions = [
  ...Object.entries(contractsByService).map(([service, owners]) => ({
    name: `contracts-of-${service}`,
    severity: 'error',
    comment:
      "Add the owner to scripts/boundaries/contracts-by-service.mjs if the service is to read that owner's events.",
    from: { path: `^services/${service}/` },
    to: {
      path: '^libs/contracts/src/[^/]+/',
      pathNot: `^libs/contracts/src/(${[...owners, ...(passedOnContracts[service] ?? [])].join('|')})/`,
    },
  })),
  {
    name: 'contracts-of-a-new-service',
    severity: 'error',
    comment:
      'Add the service and the owners of the events that it reads to scripts/boundaries/contracts-by-service.mjs.',
    from: {
      path: '^services/',
      pathNot: `^services/(standalone|${Object.keys(contractsByService).join('|')})/`,
    },
    to: { path: '^libs/contracts/src/[^/]+/' },
  },
];

export default {
  forbidden: [...insideService, ...betweenFolders, ...subscriptions],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', '/fixtures/'] },
    // Type-only imports count too: types must not cross a boundary either.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@action-mesh/source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types', 'typings'],
    },
    skipAnalysisNotInRules: true,
  },
};

import './scripts/compile.mjs';
import { compilerOptions } from './scripts/compiler-options.mjs';

/**
 * Two Jest projects. `unit` needs only Node. `integration` starts (or reuses) the real Kafka, PostgreSQL and Redis of
 * libs/devstack once for the whole run, and only when one of its files runs.
 */
const shared = {
  rootDir: import.meta.dirname,
  roots: ['clients', 'examples', 'libs', 'scripts', 'services', 'tools'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', '@action-mesh/source'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '/\\.mesh/', '/fixtures/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', compilerOptions],
  },
};

const realInfrastructure = '\\.(integration|e2e|packages)\\.test\\.ts$';

export default {
  // A busy machine makes no test fail that would pass later.
  testTimeout: 20_000,
  // Integration tests share one broker and two cores. More workers would only slow each other down.
  maxWorkers: 2,
  // A worker keeps the modules of each file that it ran. Without a new one now and then, it ends at V8's limit of 4 GB.
  workerIdleMemoryLimit: '1.5GB',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', realInfrastructure],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['**/*.integration.test.ts', '**/*.e2e.test.ts'],
      globalSetup: '<rootDir>/libs/devstack/src/jest/global-setup.ts',
      globalTeardown: '<rootDir>/libs/devstack/src/jest/global-teardown.ts',
      setupFilesAfterEnv: ['<rootDir>/scripts/integration-patience.mjs'],
    },
  ],
};

/* eslint-disable @nx/enforce-module-boundaries -- Jest loads this file before its own module resolution is there: only
   the built package resolves, so that one takes the place of relative imports. */
import { createDatabase, startDevstack } from '@action-mesh/devstack';
import type { Devstack, OwnDatabase } from '@action-mesh/devstack';

declare global {
  // Jest runs the teardown in the same process. It offers no other way to pass a value to it.
  var actionMeshTestStack: { devstack: Devstack; database: OwnDatabase | undefined } | undefined;
}

/**
 * Starts the stack once per Jest run and passes its addresses to the workers. DATABASE_URL names a database of this run
 * alone, unless the given one has `test` in its name. Jest requires a default export.
 */
export default async function setUp(): Promise<void> {
  const devstack = await startDevstack({ report: (line) => process.stderr.write(`${line}\n`) });
  const { databaseUrl } = devstack;
  const isTest = new URL(databaseUrl).pathname.includes('test');
  const database = isTest ? undefined : await createDatabase(databaseUrl, 'mesh_test');
  globalThis.actionMeshTestStack = { devstack, database };
  process.env['KAFKA_BROKERS'] = devstack.kafkaBrokers.join(',');
  process.env['DATABASE_URL'] = database?.url ?? databaseUrl;
  if (devstack.redisUrl !== undefined) process.env['REDIS_URL'] = devstack.redisUrl;
}

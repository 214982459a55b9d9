import type {} from './global-setup.js';

/** Ends what the global setup started. */
// eslint-disable-next-line import/no-default-export -- Jest takes a global teardown by default export only
export default async function tearDown(): Promise<void> {
  const stack = globalThis.actionMeshTestStack;
  await stack?.database?.drop();
  await stack?.devstack.stop();
}

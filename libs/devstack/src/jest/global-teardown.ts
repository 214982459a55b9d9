import type {} from './global-setup.js';

/** Ends what the global setup started. A default export because Jest takes no other. */
export default async function tearDown(): Promise<void> {
  const stack = globalThis.actionMeshTestStack;
  await stack?.database?.drop();
  await stack?.devstack.stop();
}

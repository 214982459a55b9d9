import type {} from './global-setup.js';

/** Ends the stack of the global setup. Jest requires a default export. */
export default async function tearDown(): Promise<void> {
  const stack = globalThis.actionMeshTestStack;
  await stack?.database?.drop();
  await stack?.devstack.stop();
}

// A mesh for end-to-end tests
export { ask, callOf, startMesh } from './mesh-harness.js';
export type { GatewayAnswer, MeshChanges, MeshHarness } from './mesh-harness.js';

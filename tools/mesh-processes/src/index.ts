// A mesh of several processes
export { MeshProcesses } from './mesh-processes.js';
export type { ProcessName } from './mesh-processes.js';
export { newTenantKey } from './tenant-key.js';
export { connectAccount, walkConnectPages } from './connect-account.js';
export type { AccountToConnect } from './connect-account.js';

// Processes that end with their parent
export { ChildProcess } from './child-process.js';
export type { ChildProcessOptions } from './child-process.js';

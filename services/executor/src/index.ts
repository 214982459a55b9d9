// The service
export { startExecutor } from './executor.js';

// Configuration
export { executorConfig } from './config.js';
export type { ExecutorConfig } from './config.js';

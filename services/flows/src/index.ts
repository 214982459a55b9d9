// The service
export { startFlows } from './flows.js';

// Configuration
export { flowsConfig } from './config.js';
export type { FlowsConfig } from './config.js';

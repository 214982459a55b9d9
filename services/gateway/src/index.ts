// The service
export { startGateway } from './gateway.js';

// Configuration
export { gatewayConfig } from './config.js';
export type { GatewayConfig } from './config.js';

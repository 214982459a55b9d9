// The service
export { startGateway } from './gateway.js';

// Configuration
export { developmentApiKey, gatewayConfig } from './config.js';
export type { GatewayConfig } from './config.js';

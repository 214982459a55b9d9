// The service
export { startGateway } from './gateway.js';

// Its document
export { ownOpenApiDocument, undocumentedRoutes } from './documentation.module.js';
export type { GatewayDocument } from './documentation.module.js';

// Configuration
export { gatewayConfig } from './config.js';
export type { GatewayConfig } from './config.js';

// The service
export { startAuthBroker } from './auth-broker.js';

// Configuration
export { authBrokerConfig } from './config.js';
export type { AuthBrokerConfig } from './config.js';

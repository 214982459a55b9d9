// The service
export { startRateGovernor } from './rate-governor.js';

// Configuration
export { rateGovernorConfig } from './config.js';
export type { RateGovernorConfig } from './config.js';

// The service
export { startCatalog } from './start-catalog.js';

// Configuration
export { loadCatalogConfig } from './config.js';
export type { CatalogConfig } from './config.js';

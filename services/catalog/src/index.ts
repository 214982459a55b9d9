// The service
export { startCatalog } from './catalog.js';

// Configuration
export { catalogConfig } from './config.js';
export type { CatalogConfig } from './config.js';

// The service
export { startCatalog } from './catalog.js';
export type { CatalogOptions } from './catalog.js';
export type { PublicationReport } from './application/publish-tools.js';

// Configuration
export { catalogConfig } from './config.js';
export type { CatalogConfig } from './config.js';

// Connections
export { createClient, createPool } from './pool.js';
export type { PoolOptions } from './pool.js';

// Tenants
export { transact } from './transact.js';
export { withTenant } from './with-tenant.js';

// Schemas
export { migrate } from './migrations.js';
export type { MigrationOptions } from './migrations.js';

// Errors
export { MigrationError, isTransient, sqlState } from './postgres.errors.js';

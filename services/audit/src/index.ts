// The service
export { startAudit } from './audit.js';

// Keys
export { hasHistory } from './chain-store.module.js';
export { newSigningKey } from './domain/signing-keys.js';

// Configuration
export { auditConfig } from './config.js';
export type { AuditConfig } from './config.js';

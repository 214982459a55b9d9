// The service
export { startAudit } from './audit.js';

// Keys
export { newSigningKey } from './domain/signing-keys.js';

// Configuration
export { auditConfig } from './config.js';
export type { AuditConfig } from './config.js';

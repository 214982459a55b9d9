// Configuration
export { telemetryVariables } from './settings/telemetry-variables.js';
export { telemetrySettings } from './settings/telemetry-settings.js';
export type { TelemetryContext, TelemetrySettings } from './settings/telemetry-settings.js';
export type { ExportTarget } from './settings/export-target.js';

// Telemetry
export { openTelemetry } from './telemetry.js';
export type { Telemetry, TelemetryOptions } from './telemetry.js';

// Metrics
export { metricDefinition } from './metrics/metric-definitions.js';

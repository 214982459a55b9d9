// Configuration
export { loadConfig } from './config.js';
export type { DeepReadonly, Environment } from './config.js';
export { brokerList, durationMs, flag, httpUrl, logLevel, port, wholeNumber } from './config-values.js';
export { kafkaConnection, kafkaVariables } from './kafka-variables.js';
export type { KafkaConnection } from './kafka-variables.js';
export { newServiceKey, serviceKeyHeader, serviceKeyVariables } from './service-key.js';

// Logging
export { Logger, createLogger } from './logger.js';
export type { LogLevel, LoggerOptions } from './logger.js';
export { traceFields } from './trace-fields.js';
export type { TraceFields } from './trace-fields.js';
export { LogBudget } from './log-budget.js';
export type { LogBudgetOptions } from './log-budget.js';
export { OutageLog } from './outage-log.js';
export type { OutageLogOptions } from './outage-log.js';
export { redactJson } from './redact-json.js';
export { redacted as REDACTED, redactText } from './redact.js';

// Services
export { startService } from './service.js';
export type { HttpOptions, RunningService, ServiceOptions } from './service.js';
export { HealthChecks } from './health.js';
export type { HealthCheck, HealthComponent, HealthReport } from './health.js';

// Telemetry
export { mayReadMetrics, metricsContentType } from './metrics-route.js';
export { openServiceTelemetry } from './service-telemetry.js';
export type { ServiceTelemetry } from './service-telemetry.js';

// Resources
export { OpenResources } from './open-resources.js';
export { Repeater } from './repeater.js';
export type { RepeaterOptions } from './repeater.js';

// Processes
export { interruptible } from './interruptible.js';
export { runMain } from './main.js';
export type { HostProcess, MainOptions } from './main.js';

// Errors
export { ConfigError } from './platform.errors.js';
export type { ConfigProblem } from './platform.errors.js';

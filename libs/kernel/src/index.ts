// Errors
export { MeshError, errorMessage } from './errors.js';
export type { RetryClass } from './errors.js';

// Time and ids
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { FakeClock } from './clock.fake.js';
export { isId, newId } from './ids.js';

// Events
export { defineEvent, eventType } from './event.js';
export type { EventData, EventDefinition } from './event.js';

// Traces
export { childSpan, formatTraceparent, parseTraceparent } from './trace-context.js';
export type { TraceContext } from './trace-context.js';

// Batching
export { NaturalBatcher } from './natural-batcher.js';
export type { BatchLimits } from './natural-batcher.js';

// Errors
export { MeshError, errorMessage } from './errors.js';
export type { RetryClass } from './errors.js';

// Time and ids
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { LatenessHistogram } from './lateness-histogram.js';
export type { LatenessSnapshot } from './lateness-histogram.js';
export { isId, newId } from './ids.js';

// Optional members
export { defined } from './defined.js';
export type { Defined } from './defined.js';

// Events
export { defineEvent, eventType } from './event.js';
export type { EventData, EventDefinition } from './event.js';

// Diagnostics
export { DiagnosticPoint } from './diagnostic-point.js';

// Programs
export { compiledFile } from './compiled-file.js';

// Traces
export { childSpan, formatTraceparent, parseTraceparent } from './trace-context.js';
export type { TraceContext } from './trace-context.js';

// Batching
export { NaturalBatcher } from './natural-batcher.js';
export type { BatchLimits } from './natural-batcher.js';

// I-JSON
export { assertIJson, parseExactIJson, parseIJson, parseIJsonKeeping } from './i-json.js';
export type { JsonLimits } from './i-json.js';
export { IJsonError, iJsonErrorCodes } from './i-json.errors.js';
export type { IJsonErrorCode } from './i-json.errors.js';
export { isSameJson } from './is-same-json.js';
export { jsonPointer } from './json-pointer.js';
export { schemaProblems } from './schema-problems.js';
export type { JsonObject, JsonValue } from './json-value.js';

// Exact JSON
export { JsonText, writeJson } from './json-text.js';
export { endOfValue, jsonAt } from './json-at.js';
export { compactJson, memberName, readJsonNode, withChildren } from './json-node.js';
export type { JsonNode } from './json-node.js';
export { nestsDeeper } from './nesting.js';
export { compareDecimals, isSameDecimal } from './exact-number.js';

// URLs
export { parseUrl } from './parse-url.js';

// The identity of a call
export { canonicalize } from './canonical-json.js';
export { callHash, contentHash } from './call-hash.js';
export type { CallContent, CallIdentity } from './call-hash.js';

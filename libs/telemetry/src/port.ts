// Names
export { attributeName, conventions, spanName } from './names.js';

// Spans
export { spanTimeMs } from './spans/finished-span.js';
export type {
  CallFacts,
  FinishedSpan,
  SpanAttributes,
  SpanKind,
  SpanLink,
  Spans,
} from './spans/finished-span.js';
export { noSpans } from './spans/no-spans.js';
export { callSpanId, partSpanId, runSpanId } from './spans/span-ids.js';
export { linksTo, mostLinks } from './spans/span-links.js';

// Metrics
export { noMetrics } from './metrics/metrics.port.js';
export type { Labels, Metrics, Observed } from './metrics/metrics.port.js';

import { childSpan, type TraceContext } from '@action-mesh/kernel';
import { metricDefinition } from '@action-mesh/telemetry';
import { attributeName, spanName, spanTimeMs, type Metrics, type Spans } from '@action-mesh/telemetry/port';

import type { RefreshResult } from '../../application/connections/refresh-result.js';
import type { RefreshWatch } from '../../application/connections/refresh-watch.port.js';
import type { StoredConnection } from '../../domain/connections/stored-connection.js';

/**
 * Counts refreshes by integration and result, and records a span for each: below the span that waits for it, or as a
 * trace of its own. Callers that share a refresh see it in the trace of the first one.
 */
export class WatchedRefreshes implements RefreshWatch {
  readonly #spans: Spans;
  readonly #refreshes: { add(labels: Record<string, string>): void };

  constructor(spans: Spans, metrics: Metrics) {
    this.#spans = spans;
    this.#refreshes = metrics.counter(metricDefinition.tokenRefreshes);
  }

  async refresh(
    connection: StoredConnection,
    trace: TraceContext | undefined,
    run: () => Promise<RefreshResult>,
  ): Promise<RefreshResult> {
    const startMs = spanTimeMs();
    try {
      const result = await run();
      this.#ended(connection, trace, startMs, result);
      return result;
    } catch (error) {
      this.#ended(connection, trace, startMs, { kind: 'failed', code: nameOf(error) });
      throw error;
    }
  }

  #ended(
    { tenantId, userId, integration, provider, id }: StoredConnection,
    parent: TraceContext | undefined,
    startMs: number,
    result: RefreshResult | { readonly kind: 'failed'; readonly code: string },
  ): void {
    this.#refreshes.add({ integration, result: result.kind });
    if (!this.#spans.isOn) return;
    const failure = result.kind === 'refreshed' ? undefined : 'code' in result ? result.code : result.kind;
    this.#spans.record({
      name: spanName.tokenRefresh,
      kind: 'client',
      trace: parent === undefined ? this.#spans.root() : childSpan(parent),
      parentSpanId: parent?.spanId,
      startMs,
      endMs: spanTimeMs(),
      facts: { tenantId, userId },
      attributes: {
        [attributeName.integration]: integration,
        [attributeName.provider]: provider,
        [attributeName.connectionId]: id,
        [attributeName.refreshResult]: result.kind,
      },
      ...(failure === undefined ? {} : { error: { type: failure }, keep: true }),
    });
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'error';
}

import { resourceFromAttributes } from '@opentelemetry/resources';

import { newId } from '@action-mesh/kernel';

import { KeptTraces } from './export/kept-traces.js';
import { sampledRoot } from './export/sampling.js';
import { SpanExporter } from './export/span-exporter.js';
import { TraceFacts } from './export/trace-facts.js';
import { metricDefinition } from './metrics/metric-definitions.js';
import type { Metrics } from './metrics/metrics.port.js';
import { PrometheusMetrics } from './metrics/prometheus-metrics.js';
import type { TelemetrySettings } from './settings/telemetry-settings.js';
import type { CallFacts, FinishedSpan, Spans } from './spans/finished-span.js';
import { noSpans } from './spans/no-spans.js';

export interface TelemetryOptions {
  /** Called for each batch of spans that was given up: the receiver, the reason and the number of spans. */
  readonly onLost: (target: string, reason: string, spans: number) => void;
  /** The most spans that wait for one receiver. @default 8192 */
  readonly maxQueued?: number;
}

/** The telemetry of one service. */
export interface Telemetry extends AsyncDisposable {
  readonly spans: Spans;
  readonly metrics: Metrics;
  /** The answer to a scrape of Prometheus. */
  render(): Promise<string>;
  /** Exports what is queued, for at most two seconds. */
  close(): Promise<void>;
}

/**
 * Opens the telemetry of a service. It touches nothing global, so several services in one process have their own. It
 * never throws, and nothing that a receiver does can fail or delay the caller of a span.
 */
export function openTelemetry(settings: TelemetrySettings, options: TelemetryOptions): Telemetry {
  const resource = resourceFromAttributes({ ...settings.resource, 'service.instance.id': newId() });
  const facts = new TraceFacts();
  const exporters = settings.targets.map(
    (target) =>
      new SpanExporter({
        target,
        resource,
        facts,
        onLost: (reason, spans) => options.onLost(target.name, reason, spans),
        ...(options.maxQueued === undefined ? {} : { maxQueued: options.maxQueued }),
      }),
  );
  const metrics = new PrometheusMetrics(resource);
  const kept = new KeptTraces({ take: (span) => exporters.forEach((exporter) => exporter.add(span)) });
  countSpans(metrics, settings, exporters);
  const close = async (): Promise<void> => {
    await Promise.all([...exporters.map((exporter) => exporter.close()), metrics.close()]);
  };
  return {
    spans: exporters.length === 0 ? noSpans : new ExportedSpans(settings, kept, facts),
    metrics,
    render: () => metrics.render(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

class ExportedSpans implements Spans {
  readonly isOn = true;
  readonly hasContent: boolean;
  readonly #ratio: number;
  readonly #kept: KeptTraces;
  readonly #facts: TraceFacts;

  constructor({ hasContent, ratio }: TelemetrySettings, kept: KeptTraces, facts: TraceFacts) {
    this.hasContent = hasContent;
    this.#ratio = ratio;
    this.#kept = kept;
    this.#facts = facts;
  }

  record(span: FinishedSpan): void {
    this.#kept.add(this.hasContent ? span : withoutMessage(span));
  }

  root(): ReturnType<Spans['root']> {
    return sampledRoot(this.#ratio);
  }

  describe(traceId: string, facts: CallFacts): void {
    this.#facts.describe(traceId, facts);
  }

  keep(traceId: string): void {
    this.#kept.keep(traceId);
  }
}

/** The message of an error may quote arguments and answers. Its type remains. */
function withoutMessage(span: FinishedSpan): FinishedSpan {
  return span.error?.message === undefined ? span : { ...span, error: { type: span.error.type } };
}

function countSpans(
  metrics: Metrics,
  { targets }: TelemetrySettings,
  exporters: readonly SpanExporter[],
): void {
  if (exporters.length === 0) return;
  const read = (member: 'exported' | 'dropped' | 'lost' | 'queued') => () =>
    exporters.map((exporter, place) => ({
      value: exporter.counts[member],
      labels: { target: targets[place]?.name ?? '' },
    }));
  metrics.gauge(metricDefinition.spansExported, read('exported'));
  metrics.gauge(metricDefinition.spansDropped, read('dropped'));
  metrics.gauge(metricDefinition.spansLost, read('lost'));
  metrics.gauge(metricDefinition.spansQueued, read('queued'));
}

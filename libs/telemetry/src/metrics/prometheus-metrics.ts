import type { ServerResponse } from 'node:http';

import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

import { conventions } from '../names.js';
import type { Labels, MetricDefinition, Metrics, Observed } from './metrics.port.js';

interface Tally {
  readonly labels: Labels;
  count: number;
}

/** The most combinations of labels of one counter. A further one is counted without labels. */
const maxSeries = 2_000;
/** The key of what is counted without labels. */
const overflow = 'overflow';

/**
 * Metrics that Prometheus scrapes.
 *
 * - PM1: a metric whose reading fails is left out of a scrape, and the others are answered.
 * - PM2: a counter has a bounded number of series.
 */
export class PrometheusMetrics implements Metrics {
  readonly #provider: MeterProvider;
  readonly #exporter: PrometheusExporter;
  readonly #meter: Meter;

  constructor(resource: Resource) {
    this.#exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
    this.#provider = new MeterProvider({ resource, readers: [this.#exporter] });
    this.#meter = this.#provider.getMeter(conventions.scope, conventions.version);
  }

  gauge(definition: MetricDefinition, read: () => Iterable<Observed> | Promise<Iterable<Observed>>): void {
    const { name, description } = definition;
    this.#meter.createObservableGauge(name, { description }).addCallback(async (result) => {
      try {
        for (const { value, labels } of await read()) result.observe(value, labels);
      } catch {
        // The metric is missing in this scrape. An alert on its absence says so.
      }
    });
  }

  counter({ name, description }: MetricDefinition): { add(labels?: Labels, count?: number): void } {
    const series = new Map<string, Tally>();
    this.#meter.createObservableCounter(name, { description }).addCallback((result) => {
      // A counter is there before its first count, so that an alert sees the first increase.
      if (series.size === 0) result.observe(0);
      for (const { labels, count } of series.values()) result.observe(count, labels);
    });
    return {
      add(labels = {}, count = 1) {
        let key = '';
        for (const label in labels) key += `${labels[label]}\u0000`;
        const isNew = !series.has(key) && series.size >= maxSeries;
        const tally = series.get(isNew ? overflow : key);
        if (tally !== undefined) tally.count += count;
        else series.set(isNew ? overflow : key, { labels: isNew ? {} : labels, count });
      },
    };
  }

  histogram(definition: MetricDefinition): { record(value: number, labels?: Labels): void } {
    const { name, description, buckets = [] } = definition;
    const instrument = this.#meter.createHistogram(name, {
      description,
      advice: { explicitBucketBoundaries: [...buckets] },
    });
    return { record: (value, labels) => instrument.record(value, labels) };
  }

  /** The answer to a scrape, in the text format of Prometheus. */
  render(): Promise<string> {
    return new Promise((resolve) => {
      // The exporter answers with these three members alone.
      const response = { statusCode: 200, setHeader: () => response, end: (text: string) => resolve(text) };
      this.#exporter.getMetricsRequestHandler(undefined as never, response as unknown as ServerResponse);
    });
  }

  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined);
  }
}

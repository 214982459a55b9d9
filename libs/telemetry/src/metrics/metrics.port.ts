export type Labels = Readonly<Record<string, string | number>>;

/** A value with its labels at the moment of a scrape. */
export interface Observed {
  readonly value: number;
  readonly labels?: Labels;
}

/** What a metric is called and measures. */
export interface MetricDefinition {
  readonly name: string;
  readonly description: string;
  /** Upper bounds of the buckets, for a histogram. */
  readonly buckets?: readonly number[];
}

/** Registers metrics. The values are read at a scrape, so a count on the path of a call is a plain addition. */
export interface Metrics {
  /** A value that goes up and down. `read` may be slow; it is called at a scrape, and a failure leaves the metric out. */
  gauge(definition: MetricDefinition, read: () => Iterable<Observed> | Promise<Iterable<Observed>>): void;
  /** A counter. `add` costs an addition. */
  counter(definition: MetricDefinition): { add(labels?: Labels, count?: number): void };
  histogram(definition: MetricDefinition): { record(value: number, labels?: Labels): void };
}

/** Metrics that nobody reads. */
export const noMetrics: Metrics = {
  gauge: () => undefined,
  counter: () => ({ add: () => undefined }),
  histogram: () => ({ record: () => undefined }),
};

import type { z } from 'zod';

import type { ExportTarget } from './export-target.js';
import { readPairs } from './otlp-pairs.js';
import { presetTarget } from './preset-targets.js';
import type { TelemetryVariables } from './telemetry-variables.js';

/** What a service exports, and where to. */
export interface TelemetrySettings {
  /** Attributes of the resource, `service.name` among them. */
  readonly resource: Readonly<Record<string, string>>;
  /** Empty: telemetry is off. */
  readonly targets: readonly ExportTarget[];
  /** The share of new traces that are sampled. */
  readonly ratio: number;
  readonly hasContent: boolean;
  readonly metricsKey?: string;
}

export interface TelemetryContext {
  /** The name of the service in the mesh: `executor`. */
  readonly service: string;
  /** @default `dev` */
  readonly environment?: string;
}

/** Builds the settings from the variables. Reports presets without credentials to `context`. */
export function telemetrySettings(
  variables: TelemetryVariables,
  { service, environment = 'dev' }: TelemetryContext,
  context: z.RefinementCtx,
): TelemetrySettings {
  const targets = variables.OTEL_SDK_DISABLED ? [] : targetsOf(variables, environment, context);
  return {
    resource: {
      'service.namespace': 'action-mesh',
      'deployment.environment.name': environment,
      ...readPairs(variables.OTEL_RESOURCE_ATTRIBUTES ?? ''),
      'service.name': variables.OTEL_SERVICE_NAME ?? `action-mesh-${service}`,
    },
    targets,
    ratio: ratioOf(variables),
    hasContent: variables.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT,
    ...(variables.METRICS_KEY === undefined ? {} : { metricsKey: variables.METRICS_KEY }),
  };
}

function targetsOf(
  variables: TelemetryVariables,
  environment: string,
  context: z.RefinementCtx,
): readonly ExportTarget[] {
  const timeoutMs = Number(variables.OTEL_EXPORTER_OTLP_TIMEOUT ?? 10_000);
  const problem = (variable: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [variable], message });
  const collector = collectorTarget(variables, timeoutMs);
  const presets = variables.TELEMETRY_TARGETS.flatMap(
    (name) => presetTarget(name, variables, { environment, timeoutMs, problem }) ?? [],
  );
  return collector === undefined ? presets : [collector, ...presets];
}

function collectorTarget(variables: TelemetryVariables, timeoutMs: number): ExportTarget | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = variables;
  const address = whole ?? (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`);
  if (address === undefined) return undefined;
  return {
    name: 'otlp',
    url: new URL(address),
    headers: readPairs(variables.OTEL_EXPORTER_OTLP_HEADERS ?? '') ?? {},
    protocol: variables.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json' ? 'json' : 'protobuf',
    timeoutMs,
  };
}

function ratioOf({
  OTEL_TRACES_SAMPLER: sampler,
  OTEL_TRACES_SAMPLER_ARG: share,
}: TelemetryVariables): number {
  if (sampler === 'parentbased_always_off') return 0;
  return sampler === 'parentbased_traceidratio' ? Number(share ?? 1) : 1;
}

import { parseUrl } from '@action-mesh/kernel';
import { z } from 'zod';

import { areHeaders, readPairs } from './otlp-pairs.js';
import { presetNames } from './preset-targets.js';

/** Services leave a variable of an image or a compose file empty to mean that it is absent. */
const text = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));

const endpoint = text.refine(
  (value) => value === undefined || isEndpoint(value),
  'must be an http or https URL without user',
);

const flag = text
  .refine((value) => value === undefined || /^(true|false)$/i.test(value), 'must be true or false')
  .transform((value) => value?.toLowerCase() === 'true');

/**
 * The variables of telemetry. They are part of every service's configuration schema. Those of OpenTelemetry mean what its
 * specification says.
 */
export const telemetryVariables = {
  OTEL_SDK_DISABLED: flag,
  OTEL_SERVICE_NAME: text,
  OTEL_RESOURCE_ATTRIBUTES: text.refine(
    (value) => value === undefined || readPairs(value) !== undefined,
    'must be pairs such as key=value,key=value',
  ),
  /** The base of an OTLP receiver, usually a Collector. Absent: no OTLP export. */
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  /** The whole address for traces. It wins over the base. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_HEADERS: text.refine((value) => {
    const pairs = readPairs(value ?? '');
    return pairs !== undefined && areHeaders(pairs);
  }, 'must be headers such as name=value,name=value, percent-encoded'),
  OTEL_EXPORTER_OTLP_PROTOCOL: text.refine(
    (value) => value === undefined || value === 'http/protobuf' || value === 'http/json',
    'must be http/protobuf or http/json',
  ),
  OTEL_EXPORTER_OTLP_TIMEOUT: text.refine(
    (value) => value === undefined || /^[1-9]\d{0,5}$/.test(value),
    'must be milliseconds from 1 to 999999',
  ),
  OTEL_TRACES_SAMPLER: text.refine(
    (value) => value === undefined || /^parentbased_(always_on|always_off|traceidratio)$/.test(value),
    'must be parentbased_always_on, parentbased_always_off or parentbased_traceidratio',
  ),
  OTEL_TRACES_SAMPLER_ARG: text.refine(
    (value) => value === undefined || (/^\d(\.\d{1,10})?$/.test(value) && Number(value) <= 1),
    'must be a share from 0 to 1',
  ),
  /** Whether arguments and results become attributes, redacted. */
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: flag,
  /** Backends that get spans without a Collector, separated by commas. */
  TELEMETRY_TARGETS: text
    .transform((value) => (value ?? '').split(',').flatMap((name) => name.trim() || []))
    .pipe(
      z.array(z.enum(presetNames, { error: `must name ${presetNames.join(', ')}, separated by commas` })),
    ),
  LANGFUSE_PUBLIC_KEY: text,
  LANGFUSE_SECRET_KEY: text,
  LANGFUSE_BASE_URL: text,
  LANGSMITH_API_KEY: text,
  LANGSMITH_PROJECT: text.refine(
    (value) => value === undefined || /^[\x20-\x7e]{1,200}$/.test(value),
    'must be up to 200 printable characters',
  ),
  LANGSMITH_ENDPOINT: text,
  DD_API_KEY: text,
  DD_SITE: text,
  DD_OTLP_ENDPOINT: text,
  /** A key that opens `GET /metrics` and nothing else. The service key opens it as well. */
  METRICS_KEY: text.refine(
    (value) => value === undefined || /^[\x21-\x7e]{16,200}$/.test(value),
    'must be 16 to 200 printable characters without spaces',
  ),
};

export type TelemetryVariables = z.output<z.ZodObject<typeof telemetryVariables>>;

function isEndpoint(value: string): boolean {
  const url = parseUrl(value);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

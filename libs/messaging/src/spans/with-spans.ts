import type { Spans } from '@action-mesh/telemetry/port';

/** The settings of a service, so that its Kafka clients record spans. Unchanged without telemetry. */
export function withSpans<Settings extends { readonly kafka: object }>(
  settings: Settings,
  spans: Spans,
): Settings {
  return spans.isOn ? { ...settings, kafka: { ...settings.kafka, spans } } : settings;
}

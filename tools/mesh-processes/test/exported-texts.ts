import type { OtlpReceiver } from '@action-mesh/testing';

import type { MeshProcesses } from '../src/mesh-processes.js';
import type { StoredText } from './stored-texts.js';

/** The variables of a mesh that exports all that it can: every span with its content, and metrics. */
export function exportingTo(receiver: OtlpReceiver): Readonly<Record<string, string>> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
    METRICS_KEY: metricsKey,
  };
}

const metricsKey = 'a-key-for-metrics-alone';

/** Everything that the mesh exports, for a search of secrets: the spans so far, and the metrics of these services. */
export async function exportedTexts(
  mesh: MeshProcesses,
  receiver: OtlpReceiver,
  services: readonly Parameters<MeshProcesses['urlOf']>[0][],
): Promise<readonly StoredText[]> {
  const metrics = services.map(async (name) => {
    const response = await fetch(`${mesh.urlOf(name)}/metrics`, {
      headers: { authorization: `Bearer ${metricsKey}` },
    });
    if (response.status !== 200) throw new Error(`the metrics of ${name} answered ${response.status}`);
    return { place: `metrics of ${name}`, text: await response.text() };
  });
  const spans = receiver.exports.map(({ body }) => ({ place: 'spans', text: body.toString('latin1') }));
  if (spans.length === 0) throw new Error('no service has exported a span');
  return [...spans, ...(await Promise.all(metrics))];
}

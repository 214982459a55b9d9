import {
  attributeName,
  partSpanId,
  spanTimeMs,
  type Metrics,
  type SpanAttributes,
  type Spans,
} from '@action-mesh/telemetry/port';
import { metricDefinition } from '@action-mesh/telemetry';

import type { Attempted, AttemptPlace, Provider, SendOptions } from '../../application/provider.port.js';
import type { Previewed, RequestPreview } from '../../application/request-preview.port.js';
import type { ProviderRequest } from '../../application/tools.port.js';
import type { AttemptEvidence } from '../../domain/attempt-evidence.js';
import { callFactsOf, spanError } from './call-attributes.js';
import type { ProviderTimes } from './provider-times.js';

/** Counts requests to providers and records a span for each. It changes nothing about them. */
export class WatchedProvider implements Provider, RequestPreview {
  readonly #provider: Provider & RequestPreview;
  readonly #spans: Spans;
  readonly #times: ProviderTimes;
  readonly #attempts: { add(labels: Record<string, string>): void };

  constructor(
    provider: Provider & RequestPreview,
    {
      spans,
      metrics,
      times,
    }: { readonly spans: Spans; readonly metrics: Metrics; readonly times: ProviderTimes },
  ) {
    this.#provider = provider;
    this.#spans = spans;
    this.#times = times;
    this.#attempts = metrics.counter(metricDefinition.attempts);
  }

  async send(request: ProviderRequest, options: SendOptions): Promise<Attempted> {
    const startMs = spanTimeMs();
    const attempted = await this.#provider.send(request, options);
    const endMs = spanTimeMs();
    const { provider, place } = options;
    this.#attempts.add({ provider, evidence: attempted.evidence.kind });
    if (place === undefined) return attempted;
    this.#times.add(place.call.call_id, endMs - startMs);
    if (this.#spans.isOn)
      this.#record(request, { ...options, place }, attempted.evidence, { startMs, endMs });
    return attempted;
  }

  masked(...args: Parameters<RequestPreview['masked']>): Previewed {
    return this.#provider.masked(...args);
  }

  #record(
    request: ProviderRequest,
    { place, provider, credential }: SendOptions & { readonly place: AttemptPlace },
    evidence: AttemptEvidence,
    times: { readonly startMs: number; readonly endMs: number },
  ): void {
    const { call, trace, parentSpanId, attempt, endpoint, isWrite } = place;
    const error = errorOf(evidence);
    this.#spans.record({
      name: request.method,
      kind: 'client',
      trace,
      parentSpanId,
      ...times,
      facts: callFactsOf(call),
      attributes: {
        [attributeName.httpMethod]: request.method,
        ...addressOf(request.url, endpoint, this.#spans.hasContent),
        [attributeName.httpStatus]: evidence.kind === 'answered' ? evidence.status : undefined,
        [attributeName.httpResendCount]: attempt > 1 ? attempt - 1 : undefined,
        [attributeName.callId]: call.call_id,
        [attributeName.provider]: provider,
        [attributeName.attempt]: attempt,
        [attributeName.evidence]: evidence.kind,
        [attributeName.connectionId]: credential?.connection_id,
      },
      ...(attempt > 1
        ? {
            links: [
              {
                trace: { traceId: trace.traceId, spanId: attemptSpanId(call.call_id, attempt - 1) },
                attributes: { [attributeName.linkOf]: 'retry' },
              },
            ],
          }
        : {}),
      ...(error === undefined ? {} : { error: spanError(error, this.#spans.hasContent) }),
      keep: isWrite || error !== undefined,
    });
  }
}

/** The id of the span of an attempt, equal in every process. */
function attemptSpanId(callId: string, attempt: number): string {
  return partSpanId(callId, `attempt/${attempt}`);
}

/**
 * The address without user and query. A path holds arguments, so it is the template of the tool unless content is
 * switched on.
 */
function addressOf(text: string, endpoint: string, hasContent: boolean): SpanAttributes {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return {};
  const template = endpoint.slice(endpoint.indexOf('/', endpoint.indexOf(' ')));
  const path = hasContent ? url.pathname : template;
  return {
    [attributeName.urlFull]: `${url.origin}${path}`,
    [attributeName.serverAddress]: url.hostname,
    [attributeName.serverPort]: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
  };
}

function errorOf(
  evidence: AttemptEvidence,
): { readonly type: string; readonly message?: string } | undefined {
  if (evidence.kind === 'answered')
    return evidence.status >= 400 ? { type: String(evidence.status) } : undefined;
  return { type: evidence.kind === 'not_sent' ? evidence.code : 'unanswered', message: evidence.message };
}

import { responseSize } from '@action-mesh/contracts/catalog';
import type { Permit } from '@action-mesh/governor/port';
import { defined, formatTraceparent, type Clock } from '@action-mesh/kernel';
import { partSpanId, runSpanId } from '@action-mesh/telemetry/port';

import { readEvidence } from '../domain/answer-rule.js';
import { governedStatus } from '../domain/answer-status.js';
import { mayHaveActed } from '../domain/attempt-history.js';
import { deadlineInMs } from './attempt-situation.js';
import type { CallCredential } from './call-credentials.js';
import type { CallSession } from './call-session.js';
import type { OwnedCall } from './ledger.port.js';
import type { Attempted, Provider } from './provider.port.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

/** The right to send the next request, with its credential. */
export interface Granted {
  readonly permit: Permit;
  readonly credential: CallCredential | undefined;
}

/** Sends the request of a committed intent, and reports its result to its permit. */
export class SendRequest {
  readonly #provider: Provider;
  readonly #clock: Clock;

  constructor({ provider, clock }: { readonly provider: Provider; readonly clock: Clock }) {
    this.#provider = provider;
    this.#clock = clock;
  }

  async execute(
    session: CallSession<OwnedCall>,
    { tool, endpoint }: PreparedTool,
    request: ProviderRequest,
    { permit, credential }: Granted,
  ): Promise<Attempted> {
    const { known } = session;
    const { call } = known;
    const { attempt, redrives } = session.state;
    const trace = { ...known.trace, spanId: partSpanId(call.call_id, `attempt/${attempt}`) };
    const headers: Record<string, string> = { ...request.headers, traceparent: formatTraceparent(trace) };
    if (trace.state !== undefined) headers['tracestate'] = trace.state;
    const startedAtMs = this.#clock.monotonicMs();
    const attempted = await this.#provider.send(
      { ...request, headers },
      {
        mode: known.call.mode,
        provider: tool.provider.slug,
        credential: credential?.leased,
        maxResponseBytes: tool.max_response_bytes ?? responseSize.defaultBytes,
        deadlineMs: Math.min(tool.timeout_ms, deadlineInMs(known.call, this.#clock.now())),
        signal: known.instance.signal,
        mayStart: () => known.instance.isLive(),
        place: {
          call,
          trace,
          parentSpanId: runSpanId(call.call_id, redrives),
          attempt,
          endpoint,
          isWrite: tool.effect.class !== 'read',
        },
      },
    );
    const { limits } = attempted;
    const evidence = readEvidence(attempted.evidence, tool.http, attempted.answer, {
      mayHaveActed: mayHaveActed(session.tried),
    });
    permit.settle({
      kind: evidence.kind,
      durationMs: this.#clock.monotonicMs() - startedAtMs,
      ...(evidence.kind === 'answered' ? { status: governedStatus(evidence) } : {}),
      ...(evidence.kind === 'answered' && evidence.retryAfterMs !== undefined
        ? { retryAfterMs: evidence.retryAfterMs }
        : {}),
      ...defined({ headers: limits }),
    });
    return { ...attempted, evidence };
  }
}

import type { LeaseAnswer, LeasedCredential } from '@action-mesh/connections';
import type { CredentialWant, Leases } from '@action-mesh/connections/client';
import { childSpan } from '@action-mesh/kernel';
import { attributeName, spanName, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';

/**
 * Records a span for each wait for a credential. The request to the broker is below it. No span shows anything of the
 * credential.
 */
export class WatchedLeases implements Leases {
  readonly #leases: Leases;
  readonly #spans: Spans;

  constructor(leases: Leases, spans: Spans) {
    this.#leases = leases;
    this.#spans = spans;
  }

  held(want: CredentialWant): LeasedCredential | undefined {
    return this.#leases.held(want);
  }

  obtain(want: CredentialWant): Promise<LeaseAnswer> {
    return this.#watched(want, (own) => this.#leases.obtain(own));
  }

  renew(want: CredentialWant, refused: LeasedCredential): Promise<LeaseAnswer> {
    return this.#watched(want, (own) => this.#leases.renew(own, refused));
  }

  async #watched(
    want: CredentialWant,
    ask: (own: CredentialWant) => Promise<LeaseAnswer>,
  ): Promise<LeaseAnswer> {
    const { trace: call } = want;
    if (call === undefined || !this.#spans.isOn) return ask(want);
    const trace = childSpan(call);
    const startMs = spanTimeMs();
    const answer = await ask({ ...want, trace });
    const refusal = 'refusal' in answer ? answer.refusal.code : undefined;
    this.#spans.record({
      name: spanName.tokenLease,
      kind: 'internal',
      trace,
      parentSpanId: call.spanId,
      startMs,
      endMs: spanTimeMs(),
      tenantId: want.tenantId,
      attributes: {
        [attributeName.callId]: want.callId,
        [attributeName.integration]: want.integration,
        [attributeName.leaseAnswer]: refusal ?? 'credential',
        [attributeName.connectionId]:
          'credential' in answer ? answer.credential.connection_id : want.connectionId,
      },
      ...(refusal === undefined ? {} : { error: { type: refusal }, keep: true }),
    });
    return answer;
  }
}

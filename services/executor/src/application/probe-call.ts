import { withTried } from '../domain/attempt-history.js';
import { unknownEffect, type Situation } from '../domain/attempt-verdict.js';
import { judgeProbe } from '../domain/probe-verdict.js';
import { wholeAnswer, type AskProvider } from './ask-provider.js';
import { isUnready } from './call-credentials.js';
import type { CallSession } from './call-session.js';
import type { OwnedCall } from './ledger.port.js';
import type { ObtainCredential } from './obtain-credential.js';
import type { Parking } from './parking.js';
import type { Judged } from './settle-call.js';
import type { PreparedTool } from './tools.port.js';

/** Asks a provider about a call of unknown effect, with the connection of the call, and judges the answer. */
export class ProbeCall {
  readonly #askProvider: AskProvider;
  readonly #obtainCredential: ObtainCredential;

  constructor(askProvider: AskProvider, obtainCredential: ObtainCredential) {
    this.#askProvider = askProvider;
    this.#obtainCredential = obtainCredential;
  }

  /** The judgement, or the wait for the credential of the probe or the end of a kill switch. */
  async execute(
    session: CallSession<OwnedCall>,
    prepared: PreparedTool,
    effect: Parameters<AskProvider['execute']>[1],
    situation: Situation,
  ): Promise<Judged | { readonly parking: Parking }> {
    // A probe is a request too.
    const hold = this.#obtainCredential.hold(session, prepared);
    if (hold !== undefined) return { parking: hold };
    const probe = this.#askProvider.probe(effect);
    const credential =
      probe === undefined ? undefined : await this.#obtainCredential.forProbe(session, probe);
    if (isUnready(credential))
      return credential.kind === 'parked'
        ? { parking: credential.parking }
        : { verdict: { kind: 'review', failure: unknownEffect(credential.failure.message) } };
    const { attempt } = session.state;
    const asked = await this.#askProvider.execute(session.known, effect, attempt, credential?.leased);
    // The next probe needs a newer credential.
    if (probe !== undefined && credential !== undefined && asked.tried.status_code === 401)
      void this.#obtainCredential.renewed(session, probe, credential);
    const verdict = judgeProbe(asked.answer, session.tried, effect.settle_ms, situation);
    const tried = withTried(session.tried, asked.tried);
    if (verdict.kind !== 'succeed') return { verdict, tried };
    return { verdict, ...(asked.found === undefined ? {} : { answer: wholeAnswer(asked.found) }) };
  }
}

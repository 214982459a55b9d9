import { attributeName, spanName, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';

import type {
  ConnectStep,
  ConnectWatch,
  StepEnd,
} from '../../application/connect-sessions/connect-watch.port.js';
import type { ConnectSession } from '../../domain/connect-sessions/connect-session.js';

/** The ends of a step that are no failure. */
const successes: ReadonlySet<string> = new Set(['held', 'connected']);

/** Records a span for each step of a connect session. No span shows anything of the credential or its account. */
export class WatchedConnects implements ConnectWatch {
  readonly #spans: Spans;

  constructor(spans: Spans) {
    this.#spans = spans;
  }

  async step<End extends StepEnd>(
    step: ConnectStep,
    session: ConnectSession,
    run: () => Promise<End>,
  ): Promise<End> {
    if (!this.#spans.isOn) return run();
    const startMs = spanTimeMs();
    try {
      const end = await run();
      this.#record(step, session, startMs, end);
      return end;
    } catch (error) {
      this.#record(step, session, startMs, { kind: error instanceof Error ? error.name : 'error' });
      throw error;
    }
  }

  #record(
    step: ConnectStep,
    { tenantId, userId, integration, provider, connectionId }: ConnectSession,
    startMs: number,
    { kind, error }: StepEnd,
  ): void {
    this.#spans.record({
      name: spanName.connect(step),
      kind: 'internal',
      trace: this.#spans.root(),
      startMs,
      endMs: spanTimeMs(),
      facts: { tenantId, userId },
      attributes: {
        [attributeName.integration]: integration,
        [attributeName.provider]: provider,
        [attributeName.connectionId]: connectionId,
        [attributeName.connectResult]: error ?? kind,
      },
      ...(successes.has(kind) ? {} : { error: { type: error ?? kind } }),
      // A connect gives the mesh a right, and there are few.
      keep: true,
    });
  }
}

import type { InternalCaller } from '@action-mesh/contracts';
import type { ConnectSessionView } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';

import { sessionView, type ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import { UnknownConnectSessionError } from '../../domain/connect-sessions/connect-session.errors.js';
import { requireScopes } from '../../domain/rights.js';
import type { ConnectSessionStore } from './connect-session-store.port.js';
import type { SessionWatch } from './session-watch.js';

const over: readonly string[] = ['completed', 'failed', 'expired'];

/** Shows a connect session of the caller's tenant, and waits for a change of its status on request. */
export class ShowConnectSession {
  readonly #sessions: ConnectSessionStore;
  readonly #watch: SessionWatch;
  readonly #clock: Clock;

  constructor(sessions: ConnectSessionStore, watch: SessionWatch, clock: Clock) {
    this.#sessions = sessions;
    this.#watch = watch;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_UNKNOWN_CONNECT_SESSION`. */
  async run(caller: InternalCaller, publicId: string, waitMs: number): Promise<ConnectSessionView> {
    requireScopes(caller, ['connections:read'], 'a look at a connect session');
    const session = await this.#find(caller, publicId);
    const view = sessionView(session, this.#clock.now());
    if (waitMs === 0 || over.includes(view.status)) return view;
    const leftMs = Math.min(waitMs, session.expiresAtMs - this.#clock.now());
    await this.#watch.changed(publicId, session.status, leftMs);
    return sessionView(await this.#find(caller, publicId), this.#clock.now());
  }

  async #find({ tenantId }: InternalCaller, publicId: string): Promise<ConnectSession> {
    const found = await this.#sessions.find({ tenantId, publicId });
    if (found === undefined) throw new UnknownConnectSessionError();
    return found.session;
  }
}

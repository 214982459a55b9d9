import type { ConnectSession } from '../../domain/connect-sessions/connect-session.js';

/**
 * The steps of a connect session that leave the broker or store something. `consent`: the code of the provider becomes
 * a credential. `fields`: a person enters one. `save`: the connection is stored.
 */
export type ConnectStep = 'consent' | 'fields' | 'save';

/** The end of a step. Without a failure, its kind is `held` or `connected`. */
export interface StepEnd {
  readonly kind: string;
  readonly error?: string;
}

/** Watches connect sessions. It changes nothing about them. */
export interface ConnectWatch {
  /** Runs one step of a session, and takes note of its end. */
  step<End extends StepEnd>(
    step: ConnectStep,
    session: ConnectSession,
    run: () => Promise<End>,
  ): Promise<End>;
}

/** Connect sessions that nobody watches. */
export const noConnectWatch: ConnectWatch = { step: (_step, _session, run) => run() };

import type { InternalCaller } from '@action-mesh/contracts';
import { connectCompletionSchema, type ConnectSessionView } from '@action-mesh/contracts/auth-broker';

import { matchesDigest } from '../../domain/connect-sessions/connect-secret.js';
import { sessionView, statusAt } from '../../domain/connect-sessions/connect-session.js';
import {
  ConnectSessionConflictError,
  UnknownConnectSessionError,
} from '../../domain/connect-sessions/connect-session.errors.js';
import { InvalidIdentityError } from '../../domain/auth-broker.errors.js';
import { readRequest } from '../../domain/request.js';
import { requireScopes } from '../../domain/rights.js';
import type { ConnectParts } from './connect-parts.js';
import type { StoredSession } from './connect-session-store.port.js';
import { settleCredential } from './settle-credential.js';

/**
 * Completes a session for the program that began it. The program shows the completion that its signed-in user brought
 * back, so a link that one person sent to another connects nothing.
 *
 * - CF4: a session with a return address makes a connection only with its completion, and only for its own tenant.
 */
export class CompleteConnectSession {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  /**
   * A repeated completion gets the same answer.
   *
   * Errors: `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_INVALID` for a wrong completion,
   * `AUTH_BROKER_UNKNOWN_CONNECT_SESSION`, `AUTH_BROKER_CONNECT_SESSION_CONFLICT`.
   */
  async run(caller: InternalCaller, publicId: string, written: unknown): Promise<ConnectSessionView> {
    requireScopes(caller, ['connections:write'], 'the completion of a connect session');
    const { completion } = readRequest(connectCompletionSchema, written);
    const stored = await this.#find(caller, publicId);
    const { session } = stored;
    const nowMs = this.#parts.clock.now();
    const status = statusAt(session, nowMs);
    if (session.returnUrl === undefined)
      throw new ConnectSessionConflictError(
        'the session has no return_url, so the person completes it on its page',
      );
    if (status !== 'returned' && status !== 'completed')
      throw new ConnectSessionConflictError(
        `the session is ${status}, and only a returned session can be completed; create another one if its user still wants to connect`,
      );
    if (!matchesDigest(completion, session.completionDigest))
      throw new InvalidIdentityError([
        {
          pointer: '/completion',
          message: 'must be the completion that the browser of the user brought back',
        },
      ]);
    if (status === 'completed') return sessionView(session, nowMs);
    const settled = await settleCredential(this.#parts, stored);
    if (settled.kind === 'other_account')
      throw new ConnectSessionConflictError(
        'the user chose another account than that of connection_id; create a session with allow_other_account, or without connection_id',
      );
    if (settled.kind === 'unknown_connection')
      throw new ConnectSessionConflictError(
        'the connection of connection_id is revoked; create a session without it',
      );
    if (settled.kind === 'integration_gone')
      throw new ConnectSessionConflictError(
        'the integration of the session is removed or belongs to another provider now; create another session',
      );
    const after = await this.#find(caller, publicId);
    if (settled.kind === 'busy' && after.session.status !== 'completed')
      throw new ConnectSessionConflictError('another request completes this session; ask for it with a GET');
    return sessionView(after.session, nowMs);
  }

  async #find({ tenantId }: InternalCaller, publicId: string): Promise<StoredSession> {
    const found = await this.#parts.sessions.find({ tenantId, publicId });
    if (found === undefined) throw new UnknownConnectSessionError();
    return found;
  }
}

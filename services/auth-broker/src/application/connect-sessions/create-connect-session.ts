import { randomUUID } from 'node:crypto';

import { newConnectToken } from '@action-mesh/connections';
import type { InternalCaller } from '@action-mesh/contracts';
import {
  connectSessionRequestSchema,
  type ConnectSessionRequest,
  type ConnectSessionView,
} from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import { ordinaryScopes } from '@action-mesh/providers';

import {
  InvalidIdentityError,
  UnknownIdentityError,
  type IdentityProblem,
} from '../../domain/auth-broker.errors.js';
import { secretDigest } from '../../domain/connect-sessions/connect-secret.js';
import {
  sessionLifeMs,
  sessionView,
  type ConnectSession,
} from '../../domain/connect-sessions/connect-session.js';
import { ConnectSessionConflictError } from '../../domain/connect-sessions/connect-session.errors.js';
import { sessionUrlOf } from '../../domain/connect-sessions/public-address.js';
import { returnUrlProblem } from '../../domain/connect-sessions/return-url.js';
import { readRequest } from '../../domain/request.js';
import { requireScopes } from '../../domain/rights.js';
import type { KnownIntegration } from '../connections/integrations.port.js';
import type { ConnectParts } from './connect-parts.js';

/** Creates a connect session for a user of the caller's tenant. The address of its page is in the answer and nowhere else. */
export class CreateConnectSession {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  /**
   * Errors: `AUTH_BROKER_INVALID`, `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_UNKNOWN` for an unknown tenant,
   * `AUTH_BROKER_CONNECT_SESSION_CONFLICT` for too many open sessions of the user.
   */
  async run(caller: InternalCaller, written: unknown): Promise<ConnectSessionView> {
    requireScopes(caller, ['connections:write'], 'a connect session');
    const request = readRequest(connectSessionRequestSchema, written);
    const { user_id: userId } = request;
    if (userId === undefined)
      throw new InvalidIdentityError([{ pointer: '/user_id', message: 'is required and missing' }]);
    const { sessions, integrations, address, tokenKey, clock } = this.#parts;
    const integration = await integrations.find(caller.tenantId, request.integration);
    const problems = await this.#problems(caller.tenantId, userId, request, integration);
    if (problems.length > 0 || integration === undefined) throw new InvalidIdentityError(problems);

    const nowMs = clock.now();
    const session: ConnectSession = {
      publicId: randomUUID(),
      tenantId: caller.tenantId,
      userId,
      integration: request.integration,
      provider: integration.provider.id,
      scopes: ordinaryScopes(integration.provider, request.scopes ?? integration.scopes),
      allowOtherAccount: request.allow_other_account ?? false,
      status: 'open',
      createdBy: caller.holder,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + sessionLifeMs,
      ...defined({
        returnUrl: request.return_url,
        connectionId: request.connection_id,
        label: request.label,
      }),
    };
    const token = newConnectToken(tokenKey, 'session');
    const created = await sessions.create(session, secretDigest(token));
    if (created === 'unknown_tenant') throw new UnknownIdentityError('tenant');
    if (created === 'too_many')
      throw new ConnectSessionConflictError(
        'the user has as many open connect sessions as may be; use one of them, or wait until they expire after 15 minutes',
      );
    return sessionView(session, nowMs, sessionUrlOf(address.origin, token));
  }

  async #problems(
    tenantId: string,
    userId: string,
    request: ConnectSessionRequest,
    integration: KnownIntegration | undefined,
  ): Promise<readonly IdentityProblem[]> {
    if (integration === undefined)
      return [
        {
          pointer: '/integration',
          message: 'is no integration of this tenant; PUT /v1/integrations/:integration sets one up',
        },
      ];
    const problems: IdentityProblem[] = [];
    const add = (pointer: string, message: string | undefined): void => {
      if (message !== undefined) problems.push({ pointer, message });
    };
    if (request.return_url !== undefined)
      add('/return_url', returnUrlProblem(request.return_url, integration.returnOrigins));
    const { kind } = integration.provider.auth;
    if (request.scopes !== undefined && kind === 'fields')
      add('/scopes', 'must be absent: this provider knows no scopes');
    add('/connection_id', await this.#connectionProblem(tenantId, userId, request));
    if (request.allow_other_account === true && request.connection_id === undefined)
      add('/allow_other_account', 'needs connection_id, the connection to repair');
    return problems;
  }

  async #connectionProblem(
    tenantId: string,
    userId: string,
    { connection_id: id, integration }: ConnectSessionRequest,
  ): Promise<string | undefined> {
    if (id === undefined) return undefined;
    const found = await this.#parts.connections.find(tenantId, id);
    if (found?.userId !== userId || found.integration !== integration)
      return 'is no connection of this user at this integration; GET /v1/connections lists them';
    const isGone = found.state === 'revoking' || found.state === 'revoked';
    return isGone ? 'is revoked; leave it out to make a new connection' : undefined;
  }
}

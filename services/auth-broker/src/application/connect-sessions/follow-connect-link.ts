import { randomUUID } from 'node:crypto';

import { newConnectToken, readConnectLink, type LinkedConnection } from '@action-mesh/connections';
import { defined } from '@action-mesh/kernel';
import { expandScopes, ordinaryScopes } from '@action-mesh/providers';

import { formToken, isFormToken, secretDigest } from '../../domain/connect-sessions/connect-secret.js';
import { sessionLifeMs, type ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import type { KnownIntegration } from '../connections/integrations.port.js';
import { askedFields } from './asked-fields.js';
import {
  noticeAnswer,
  type ConnectAnswer,
  type ConnectBrowser,
  type ConnectFacts,
} from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import type { FoundConnection } from './connection-lookup.port.js';
import { cookieOf } from './session-door.js';
import { factsOf } from './session-facts.js';
import type { StartConsent } from './start-consent.js';

/** The need behind a link, as it is now. */
interface Need {
  readonly wanted: LinkedConnection;
  readonly integration: KnownIntegration;
  readonly connection?: FoundConnection;
  readonly facts: ConnectFacts;
}

/** Follows the durable link of a waiting call. A look changes nothing; the form starts a session in this browser. */
export class FollowConnectLink {
  readonly #parts: ConnectParts;
  readonly #startConsent: StartConsent;

  constructor(parts: ConnectParts, startConsent: StartConsent) {
    this.#parts = parts;
    this.#startConsent = startConsent;
  }

  async show(link: string, browser: ConnectBrowser): Promise<ConnectAnswer> {
    const need = await this.#need(link);
    if ('kind' in need) return need;
    const { cookie, newCookie } = cookieOf(browser);
    const { connection, facts } = need;
    return {
      kind: 'page',
      status: 200,
      page: {
        kind: 'ask',
        facts,
        action: `/connect/link/${link}`,
        formToken: formToken(cookie, link),
        scopes: scopesFor(need),
        // The session's own page asks for them.
        fields: [],
        problems: [],
        ...defined({ repairs: connection?.accountName ?? connection?.accountId }),
      },
      ...defined({ cookie: newCookie }),
    };
  }

  async start(
    link: string,
    browser: ConnectBrowser,
    givenFormToken: string | undefined,
  ): Promise<ConnectAnswer> {
    const need = await this.#need(link);
    if ('kind' in need) return need;
    const { cookie, newCookie } = cookieOf(browser);
    if (newCookie !== undefined || !isFormToken(givenFormToken, cookie, link))
      return noticeAnswer('stale_form', { again: `/connect/link/${link}` });
    const { sessions, address, tokenKey, clock } = this.#parts;
    const { wanted, integration, connection } = need;
    const nowMs = clock.now();
    const session: ConnectSession = {
      publicId: randomUUID(),
      tenantId: wanted.tenant_id,
      userId: wanted.user_id,
      integration: wanted.integration,
      provider: integration.provider.id,
      scopes: scopesFor(need),
      allowOtherAccount: false,
      status: 'open',
      cookieDigest: secretDigest(cookie),
      createdBy: 'connect link',
      createdAtMs: nowMs,
      expiresAtMs: nowMs + sessionLifeMs,
      ...defined({ connectionId: connection?.connectionId }),
    };
    const token = newConnectToken(tokenKey, 'session');
    const created = await sessions.create(session, secretDigest(token));
    if (created === 'too_many') return noticeAnswer('too_many', { facts: need.facts });
    if (created === 'unknown_tenant') return noticeAnswer('unknown');
    if (askedFields(integration.provider).length > 0)
      return { kind: 'redirect', location: `${address.origin}/connect/${token}` };
    return this.#startConsent.begin({ session, token, cookie });
  }

  /** The need of a link, or the page that says why there is none. */
  async #need(link: string): Promise<Need | ConnectAnswer> {
    const { linkKey, integrations, clock } = this.#parts;
    const wanted = readConnectLink(linkKey, link, clock.now());
    if (wanted === 'invalid') return noticeAnswer('unknown');
    if (wanted === 'expired') return noticeAnswer('link_expired');
    const integration = await integrations.find(wanted.tenant_id, wanted.integration);
    if (integration === undefined) return noticeAnswer('integration_gone');
    const facts = factsOf({
      tenantId: wanted.tenant_id,
      userId: wanted.user_id,
      integration: wanted.integration,
      provider: integration.provider.id,
    });
    const connection = await this.#connection(wanted);
    if (connection !== undefined && isEnough(connection, wanted, integration))
      return noticeAnswer('already_connected', { facts });
    return { wanted, integration, facts, ...defined({ connection }) };
  }

  /** The connection to repair. A revoked one cannot be repaired, so the link then makes a new one. */
  async #connection({
    tenant_id: tenantId,
    user_id: userId,
    integration,
    connection_id: id,
  }: LinkedConnection): Promise<FoundConnection | undefined> {
    const { connections } = this.#parts;
    const found =
      id === undefined
        ? await connections.findDefault(tenantId, userId, integration)
        : await connections.find(tenantId, id);
    if (found?.userId !== userId || found.integration !== integration) return undefined;
    return found.state === 'active' || found.state === 'needs_reauth' ? found : undefined;
  }
}

function isEnough(
  { state, scopes }: FoundConnection,
  { scopes: wanted = [] }: LinkedConnection,
  { provider }: KnownIntegration,
): boolean {
  if (state !== 'active') return false;
  const granted = expandScopes(provider, scopes);
  return granted === undefined || wanted.every((scope) => granted.includes(scope));
}

/** A repaired connection keeps the scopes that it had, since a provider may replace them by those of the new consent. */
function scopesFor({ wanted, integration, connection }: Need): readonly string[] {
  const ordinary = ordinaryScopes(integration.provider, integration.scopes);
  return [...new Set([...ordinary, ...(connection?.scopes ?? []), ...(wanted.scopes ?? [])])];
}

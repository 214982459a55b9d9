import { newConnectToken } from '@action-mesh/connections';
import { defined } from '@action-mesh/kernel';

import { challengeOf, newConnectSecret, secretDigest } from '../../domain/connect-sessions/connect-secret.js';
import { redirectUriOf } from '../../domain/connect-sessions/public-address.js';
import { noticeAnswer, type ConnectAnswer, type ConnectBrowser } from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import { integrationDigest, sealAttempt } from './consent-attempt.js';
import type { RevokeAbandoned } from './revoke-abandoned.js';
import { openSessionForForm, type OpenedSession } from './session-door.js';
import { backOf, factsOf } from './session-facts.js';
import { errorOfFailure } from './token-failure-error.js';

/** The parts of an opened session that an attempt needs. */
type Startable = Pick<OpenedSession, 'session' | 'pending' | 'token' | 'cookie'>;

/**
 * Sends a browser to its provider for the user's consent.
 *
 * - CF5: each attempt has a state and a PKCE verifier of its own. A new attempt ends the former one.
 */
export class StartConsent {
  readonly #parts: ConnectParts;
  readonly #revokeAbandoned: RevokeAbandoned;

  constructor(parts: ConnectParts, revokeAbandoned: RevokeAbandoned) {
    this.#parts = parts;
    this.#revokeAbandoned = revokeAbandoned;
  }

  async run(
    token: string,
    browser: ConnectBrowser,
    givenFormToken: string | undefined,
  ): Promise<ConnectAnswer> {
    const opened = await openSessionForForm(this.#parts, token, browser, givenFormToken);
    return opened.ok ? this.begin(opened) : opened.answer;
  }

  /** Begins an attempt. The caller has checked the browser and the form of the session. */
  async begin({ session, pending, token, cookie }: Startable): Promise<ConnectAnswer> {
    const { sessions, integrations, oauth, vault, address, tokenKey, clock } = this.#parts;
    const again = `/connect/${token}`;
    const facts = factsOf(session);
    if (session.status !== 'open' && session.status !== 'failed')
      return { kind: 'redirect', location: `${address.origin}${again}` };
    const integration = await integrations.find(session.tenantId, session.integration);
    if (integration === undefined)
      return noticeAnswer('integration_gone', {
        facts,
        ...defined({ back: backOf(session, 'integration_gone') }),
      });
    if (integration.provider.id !== session.provider)
      return noticeAnswer('integration_changed', {
        facts,
        ...defined({ back: backOf(session, 'integration_changed') }),
      });
    // The credential of the last attempt must not be forgotten before its provider has ended it.
    if (pending !== undefined && !(await this.#revokeAbandoned.one({ session, pending })))
      return noticeAnswer('provider_unavailable', { facts, again });

    const [state, verifier] = [newConnectToken(tokenKey, 'state'), newConnectSecret()];
    const redirectUri = redirectUriOf(address.origin, session.tenantId, session.integration);
    const issuer = await oauth.issuer(integration);
    const url = issuer.ok
      ? await oauth.consentUrl(integration, {
          redirectUri,
          state,
          challenge: challengeOf(verifier),
          scopes: session.scopes,
        })
      : issuer;
    if (!issuer.ok || !url.ok) {
      const error = url.ok ? 'provider_error' : errorOfFailure(url.failure);
      return noticeAnswer(error, { facts, again, ...defined({ back: backOf(session, error) }) });
    }
    const attempt = await sealAttempt(vault, session, {
      verifier,
      session: token,
      redirectUri,
      integration: integrationDigest(integration),
      ...defined({ expected: issuer.value }),
    });
    const cookieDigest = secretDigest(cookie);
    const isStarted = await sessions.change(
      session.publicId,
      { status: ['open', 'failed'], cookieDigest, liveAtMs: clock.now() },
      { status: 'open', error: null, cookieDigest, stateDigest: secretDigest(state), attempt },
    );
    if (!isStarted) return { kind: 'redirect', location: `${address.origin}${again}` };
    return {
      kind: 'page',
      status: 200,
      page: { kind: 'forward', url: url.value, name: facts.providerName },
    };
  }
}

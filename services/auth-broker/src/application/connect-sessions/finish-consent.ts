import { isConnectToken } from '@action-mesh/connections';
import { defined } from '@action-mesh/kernel';

import type { IssuedTokens, StoredCredential } from '../../domain/connections/credential.js';
import {
  consentError,
  readCallback,
  type CallbackAnswer,
} from '../../domain/connect-sessions/callback-answer.js';
import { matchesDigest, secretDigest } from '../../domain/connect-sessions/connect-secret.js';
import type { ConnectError, ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import { isRightIssuer } from '../../domain/connect-sessions/issuer-verdict.js';
import { noticeAnswer, type ConnectAnswer, type ConnectBrowser } from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import { integrationDigest, openAttempt, type ConsentAttempt } from './consent-attempt.js';
import type { HoldCredential, HoldResult } from './hold-credential.js';
import { backOf, factsOf } from './session-facts.js';
import { errorOfFailure } from './token-failure-error.js';

/** A browser that comes back from a provider. */
export interface ConsentCallback extends ConnectBrowser {
  /** The tenant and the integration in the path. */
  readonly tenantId: string;
  readonly integration: string;
  /** The query, undecoded. */
  readonly query: string;
}

/**
 * Takes the answer of an authorization server.
 *
 * - CF8: a state works once, in the browser of its session, at the redirect address of its integration.
 * - CF9: the code goes nowhere before the issuer is the expected one (RFC 9207).
 * - CF10: a text of the provider reaches no page and no record. Its error codes become ours.
 */
export class FinishConsent {
  readonly #parts: ConnectParts;
  readonly #hold: HoldCredential;

  constructor(parts: ConnectParts, hold: HoldCredential) {
    this.#parts = parts;
    this.#hold = hold;
  }

  async run(callback: ConsentCallback): Promise<ConnectAnswer> {
    const { sessions, vault, tokenKey, clock } = this.#parts;
    const answer = readCallback(callback.query);
    if (answer === 'doubled' || answer === 'incomplete') return noticeAnswer(answer);
    const stateDigest = secretDigest(answer.state);
    const stored = isConnectToken(tokenKey, 'state', answer.state)
      ? await sessions.find({ stateDigest })
      : undefined;
    if (stored?.attempt === undefined) return noticeAnswer('used_state');
    const { session } = stored;
    if (!matchesDigest(callback.cookie, session.cookieDigest)) return noticeAnswer('other_browser');
    const facts = factsOf(session);
    if (session.expiresAtMs <= clock.now())
      return noticeAnswer('expired', { facts, ...defined({ back: backOf(session, 'expired') }) });
    const attempt = await openAttempt(vault, session, stored.attempt);
    // From here on no second request has this state (CF8).
    const isTaken = await sessions.change(
      session.publicId,
      { status: ['open'], stateDigest },
      { stateDigest: null, attempt: null },
    );
    if (!isTaken) return noticeAnswer('used_state');

    const held = await this.#parts.watch.step('consent', session, () =>
      this.#held(callback, session, attempt, answer),
    );
    switch (held.kind) {
      case 'refused':
        return this.#fail(session, attempt, held.error);
      case 'failed':
        return this.#failed(session, attempt, held.error);
      case 'stale':
        return noticeAnswer('expired', { facts, ...defined({ back: backOf(session, 'expired') }) });
      case 'held':
        return { kind: 'redirect', location: held.returnUrl ?? this.#pageOf(attempt) };
    }
  }

  async #held(
    callback: ConsentCallback,
    session: ConnectSession,
    attempt: ConsentAttempt,
    answer: CallbackAnswer,
  ): Promise<HoldResult | { readonly kind: 'refused'; readonly error: ConnectError }> {
    const result = await this.#exchange(callback, session, attempt, answer);
    if (typeof result === 'string') return { kind: 'refused', error: result };
    return this.#hold.run(session, result.integration, result);
  }

  async #exchange(
    { tenantId, integration: inPath, query }: ConsentCallback,
    session: ConnectSession,
    { expected, redirectUri, verifier, integration: digest }: ConsentAttempt,
    { iss, code, error }: CallbackAnswer,
  ) {
    const { integrations, oauth } = this.#parts;
    if (tenantId !== session.tenantId || inPath !== session.integration) return 'issuer_mismatch';
    if (!isRightIssuer(expected, iss)) return 'issuer_mismatch';
    if (error !== undefined || code === undefined) return consentError(error ?? '');
    const integration = await integrations.find(session.tenantId, session.integration);
    if (integration === undefined) return 'integration_gone';
    if (integrationDigest(integration) !== digest) return 'integration_changed';
    const exchanged = await oauth.exchange(integration, {
      code,
      verifier,
      redirectUri,
      // Some providers name the account here alone. The client takes what the provider's data names.
      callback: Object.fromEntries(new URLSearchParams(query)),
    });
    if (!exchanged.ok) return errorOfFailure(exchanged.failure);
    return { integration, tokens: exchanged.value, credential: credentialOf(exchanged.value) };
  }

  async #fail(session: ConnectSession, attempt: ConsentAttempt, error: ConnectError): Promise<ConnectAnswer> {
    await this.#parts.sessions.change(session.publicId, { status: ['open'] }, { status: 'failed', error });
    return this.#failed(session, attempt, error);
  }

  #failed(session: ConnectSession, { session: token }: ConsentAttempt, error: ConnectError): ConnectAnswer {
    const again = `/connect/${token}`;
    return noticeAnswer(error, {
      facts: factsOf(session),
      again,
      ...defined({ back: backOf(session, error) }),
    });
  }

  #pageOf({ session }: ConsentAttempt): string {
    return `${this.#parts.address.origin}/connect/${session}`;
  }
}

function credentialOf({ accessToken, refreshToken }: IssuedTokens): StoredCredential {
  return { kind: 'oauth2', accessToken, ...defined({ refreshToken }) };
}

import { isConnectToken } from '@action-mesh/connections';
import { defined } from '@action-mesh/kernel';

import {
  isConnectSecret,
  isFormToken,
  matchesDigest,
  newConnectSecret,
  secretDigest,
} from '../../domain/connect-sessions/connect-secret.js';
import { noticeAnswer, type ConnectAnswer, type ConnectBrowser } from './connect-answer.js';
import type { ConnectParts } from './connect-parts.js';
import type { StoredSession } from './connect-session-store.port.js';
import { factsOf } from './session-facts.js';

/** A browser that may see the page of a session. */
export interface OpenedSession extends StoredSession {
  readonly ok: true;
  /** The secret in the address of the page. */
  readonly token: string;
  readonly cookie: string;
  /** The browser does not have the cookie yet. */
  readonly newCookie?: string;
}

type Refused = { readonly ok: false; readonly answer: ConnectAnswer };

/** The cookie of a browser, or a new one. One browser keeps its cookie over several sessions. */
export function cookieOf({ cookie }: ConnectBrowser): {
  readonly cookie: string;
  readonly newCookie?: string;
} {
  if (cookie !== undefined && isConnectSecret(cookie)) return { cookie };
  const made = newConnectSecret();
  return { cookie: made, newCookie: made };
}

/**
 * Opens the page of a session for a browser.
 *
 * - CF1: after its first form, a session belongs to the browser that sent it. No other browser sees its account or
 *   moves it on. A look at the page alone binds nothing, because chat programs look at every link.
 */
export async function openSession(
  { sessions, tokenKey, clock }: ConnectParts,
  token: string,
  browser: ConnectBrowser,
): Promise<OpenedSession | Refused> {
  const stored = isConnectToken(tokenKey, 'session', token)
    ? await sessions.find({ digest: secretDigest(token) })
    : undefined;
  if (stored === undefined) return { ok: false, answer: noticeAnswer('unknown') };
  const { session } = stored;
  const { cookie, newCookie } = cookieOf(browser);
  if (session.cookieDigest !== undefined && !matchesDigest(cookie, session.cookieDigest))
    return { ok: false, answer: noticeAnswer('other_browser') };
  const isOver = session.expiresAtMs <= clock.now() || session.status === 'expired';
  if (isOver && session.status !== 'completed')
    return { ok: false, answer: noticeAnswer('expired', { facts: factsOf(session) }) };
  return { ok: true, token, cookie, ...stored, ...defined({ newCookie }) };
}

/**
 * Opens a session for a form.
 *
 * - CF2: a form counts only with the token of a page that this browser got, so no other site can send one.
 */
export async function openSessionForForm(
  parts: ConnectParts,
  token: string,
  browser: ConnectBrowser,
  givenFormToken: string | undefined,
): Promise<OpenedSession | Refused> {
  const opened = await openSession(parts, token, browser);
  if (!opened.ok) return opened;
  if (opened.newCookie === undefined && isFormToken(givenFormToken, opened.cookie, token)) return opened;
  return { ok: false, answer: noticeAnswer('stale_form', { again: `/connect/${token}` }) };
}

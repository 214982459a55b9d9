import type { ConnectReply } from '@action-mesh/contracts/auth-broker';

import type { ConnectAnswer } from '../../../application/connect-sessions/connect-answer.js';
import type { PublicAddress } from '../../../domain/connect-sessions/public-address.js';
import { connectHtml } from './connect-html.js';
import { pageStyleSource } from './page-style.js';

/** The answer of a connect page, as the gateway sends it to the browser. */
export function connectReply(
  answer: ConnectAnswer,
  { cookieName, cookieAttributes }: PublicAddress,
): ConnectReply {
  const cookies = answer.cookie === undefined ? [] : [`${cookieName}=${answer.cookie}; ${cookieAttributes}`];
  if (answer.kind === 'redirect') return { status: 303, location: answer.location, cookies };
  return {
    status: answer.status,
    cookies,
    html: connectHtml(answer.page),
    style_source: pageStyleSource,
  };
}

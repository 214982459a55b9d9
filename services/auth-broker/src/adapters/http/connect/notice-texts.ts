import type { ConnectNotice } from '../../../application/connect-sessions/connect-answer.js';

/** A heading and the next step. */
export interface NoticeText {
  readonly heading: string;
  readonly text: string;
}

const texts: Readonly<Record<ConnectNotice, readonly [heading: string, text: string]>> = {
  access_denied: [
    'You did not allow the access',
    'Nothing is connected. Try again if you still want to connect {provider}, and allow the access there.',
  ],
  already_connected: [
    'Nothing is left to do',
    '{provider} is connected, with everything that is needed. You can close this window.',
  ],
  busy: ['Another window is faster', 'A request from another window completes this. Look at the page again.'],
  cancelled: ['Nothing was connected', 'You ended this attempt. You can close this window.'],
  code_refused: [
    '{provider} did not accept its own answer',
    'The answer was too old, or it was used before. Try again.',
  ],
  credential_refused: [
    '{provider} refused this',
    'Check the values, or the account that you chose, and try again.',
  ],
  doubled: [
    'This address is not valid',
    'It holds a value twice. Go back to the program that sent you here, and begin again.',
  ],
  expired: [
    'This page has expired',
    'A page is valid for 15 minutes. Go back to the program that sent you here, and begin again.',
  ],
  incomplete: [
    'This address is not complete',
    'A part of the answer is missing. Go back to the program that sent you here, and begin again.',
  ],
  integration_changed: [
    'The settings have changed',
    'An administrator changed the settings of {provider} meanwhile. Try again.',
  ],
  integration_gone: [
    'This integration is gone',
    'Your organisation no longer uses it. Ask your administrator if you still need it.',
  ],
  integration_refused: [
    '{provider} refused this integration',
    'Its settings do not fit what {provider} expects. Tell your administrator; you cannot repair this yourself.',
  ],
  issuer_mismatch: [
    'The answer came from another server',
    'Nothing was sent to it, and nothing is connected. Try again, and tell your administrator if it happens again.',
  ],
  link_expired: ['This link has expired', 'A link is valid for a week. The waiting work shows a new one.'],
  other_account: [
    'This is another account',
    'The connection belongs to another account at {provider}. Sign out there, choose the account that was connected before, and try again.',
  ],
  other_browser: [
    'Another browser began this',
    'Go back to that browser. If you did not begin it, close this page: somebody may have sent you their link.',
  ],
  provider_error: ['{provider} answered with an error', 'Nothing is connected. Try again in a minute.'],
  provider_unavailable: ['{provider} does not answer now', 'Nothing is connected. Try again in a minute.'],
  returned: [
    'One step is left',
    'The program that sent you here completes this. Go back to its window; if it shows no connection, begin again there.',
  ],
  stale_form: [
    'This form is no longer valid',
    'The browser must accept cookies of this site. Load the page again and repeat the step.',
  ],
  too_many: [
    'Too many attempts are open',
    'Wait until they expire after 15 minutes, and follow the link again.',
  ],
  unknown: [
    'There is nothing here',
    'The address is wrong or too old. Copy the whole address, or begin again in the program that sent you here.',
  ],
  unknown_connection: [
    'The connection is gone',
    'It was removed meanwhile, so it cannot be repaired. Begin again in the program that sent you here.',
  ],
  used_state: [
    'This answer was used before',
    'It works once, for 15 minutes. If {provider} is connected, all is well. Otherwise begin again in the program that sent you here.',
  ],
};

/** The text of a notice, for people. */
export function noticeTexts(notice: ConnectNotice, providerName = 'The provider'): NoticeText {
  const [heading, text] = texts[notice].map((each) => each.replaceAll('{provider}', providerName));
  return { heading: heading ?? '', text: text ?? '' };
}

import type { Account } from '@action-mesh/contracts/auth-broker';

import type { ConnectError } from '../../domain/connect-sessions/connect-session.js';

/** A browser at a connect page. */
export interface ConnectBrowser {
  /** The value of our cookie. Absent: the browser has none, or one that is not ours. */
  readonly cookie?: string;
}

/** A field that a person enters. */
export interface AskedField {
  readonly name: string;
  readonly label: string;
  readonly secret: boolean;
  readonly optional: boolean;
  readonly help?: string;
  /** The value of the last attempt. Never of a secret. */
  readonly value?: string;
}

/** The user and the account of a connection. Every page about a session shows it. */
export interface ConnectFacts {
  readonly tenantId: string;
  readonly userId: string;
  readonly providerName: string;
  /** The host of the return address. */
  readonly returnHost?: string;
}

/** The reason of a page without a session that a person can work on. */
export type ConnectNotice =
  | ConnectError
  | 'already_connected'
  | 'busy'
  | 'doubled'
  | 'expired'
  | 'incomplete'
  | 'link_expired'
  | 'other_browser'
  | 'returned'
  | 'stale_form'
  | 'too_many'
  | 'unknown'
  | 'used_state';

/** The content of one connect page. The adapter of HTTP turns it into HTML. */
export type ConnectPage =
  | {
      readonly kind: 'ask';
      readonly facts: ConnectFacts;
      /** Where the form goes: `/connect/<session>`. */
      readonly action: string;
      readonly formToken: string;
      readonly scopes: readonly string[];
      /** Empty: the provider asks for the consent itself. */
      readonly fields: readonly AskedField[];
      readonly problems: readonly string[];
      /** The end of the last attempt. */
      readonly lastError?: ConnectError;
      /** The account of the connection to repair. */
      readonly repairs?: string;
    }
  | {
      readonly kind: 'confirm';
      readonly facts: ConnectFacts;
      readonly action: string;
      readonly formToken: string;
      readonly account?: Account;
      readonly scopes?: readonly string[];
      readonly missingScopes: readonly string[];
    }
  | {
      readonly kind: 'connected';
      readonly facts: ConnectFacts;
      readonly account?: Account;
      readonly missingScopes: readonly string[];
    }
  | { readonly kind: 'forward'; readonly url: string; readonly name: string }
  | {
      readonly kind: 'notice';
      readonly notice: ConnectNotice;
      readonly facts?: ConnectFacts;
      /** The path of the page on which the person may try again. */
      readonly again?: string;
      /** The address of the program that began the session. */
      readonly back?: string;
    };

/** The answer to a browser. */
export type ConnectAnswer = (
  | { readonly kind: 'page'; readonly status: number; readonly page: ConnectPage }
  | { readonly kind: 'redirect'; readonly location: string }
) & {
  /** The value of a new cookie. */
  readonly cookie?: string;
};

/** The status of HTTP for each notice. */
const statuses: Readonly<Record<ConnectNotice, number>> = {
  access_denied: 403,
  already_connected: 200,
  busy: 409,
  cancelled: 200,
  code_refused: 400,
  credential_refused: 422,
  doubled: 400,
  expired: 410,
  incomplete: 400,
  integration_changed: 409,
  integration_gone: 404,
  integration_refused: 502,
  issuer_mismatch: 400,
  link_expired: 410,
  other_account: 409,
  other_browser: 403,
  provider_error: 502,
  provider_unavailable: 502,
  returned: 200,
  stale_form: 403,
  too_many: 429,
  unknown: 404,
  unknown_connection: 409,
  used_state: 400,
};

/** A page that says why there is nothing to do, and the next step. */
export function noticeAnswer(
  notice: ConnectNotice,
  more: Omit<Extract<ConnectPage, { kind: 'notice' }>, 'kind' | 'notice'> = {},
): ConnectAnswer {
  return { kind: 'page', status: statuses[notice], page: { kind: 'notice', notice, ...more } };
}

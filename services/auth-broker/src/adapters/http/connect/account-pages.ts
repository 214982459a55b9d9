import type { Account } from '@action-mesh/contracts/auth-broker';

import type { ConnectPage } from '../../../application/connect-sessions/connect-answer.js';
import { factList, scopeList } from './fact-list.js';
import { markup, type SafeHtml } from './markup.js';
import type { PageContent } from './page-layout.js';

/** The page that names both accounts. The person on it decides. */
export function confirmPageContent(page: Extract<ConnectPage, { kind: 'confirm' }>): PageContent {
  const { facts, action, formToken, account, scopes = [], missingScopes } = page;
  const { providerName, userId } = facts;
  return {
    heading: 'Is this the right account?',
    body: markup`<p>${providerName} has agreed. Nothing is connected until you confirm.</p>
      ${factList(facts, ['Account', accountText(account)])} ${scopeList('Granted permissions', scopes)}
      ${missing(missingScopes, providerName)}
      <div class="note">
        <p>
          Agents of <strong><bdi>${userId}</bdi></strong> will act with this ${providerName} account. Confirm
          only if you are <strong><bdi>${userId}</bdi></strong
          >.
        </p>
      </div>
      <form method="post" action="${action}">
        <input type="hidden" name="form_token" value="${formToken}" />
        <div class="actions">
          <button name="step" value="confirm">Connect this account</button>
          <button class="second" name="step" value="cancel">Do not connect</button>
        </div>
      </form>`,
  };
}

/** The page of a session that has its connection. */
export function connectedPageContent(page: Extract<ConnectPage, { kind: 'connected' }>): PageContent {
  const { facts, account, missingScopes } = page;
  const { providerName } = facts;
  return {
    heading: `${providerName} is connected`,
    body: markup`<p class="good">Waiting work goes on by itself. You can close this window.</p>
      ${factList(facts, ['Account', accountText(account)])} ${missing(missingScopes, providerName)}`,
  };
}

/** The page between our form and another site. Its way on is a plain link, so no form leaves our site. */
export function forwardPageContent({ url, name }: Extract<ConnectPage, { kind: 'forward' }>): PageContent {
  return {
    heading: `Continue to ${name}`,
    forwardTo: url,
    body: markup`<p>The browser goes on by itself.</p>
      <div class="actions"><a class="button" href="${url}" rel="noreferrer">Continue to ${name}</a></div>`,
  };
}

function accountText(account: Account | undefined): string {
  return account === undefined ? 'The provider does not name it' : (account.name ?? account.id);
}

function missing(scopes: readonly string[], providerName: string): SafeHtml | undefined {
  if (scopes.length === 0) return undefined;
  return markup`${scopeList('Not granted', scopes)}
    <p class="soft">
      Work that needs these permissions waits until you connect ${providerName} again and allow them.
    </p>`;
}

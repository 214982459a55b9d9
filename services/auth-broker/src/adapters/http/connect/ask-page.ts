import type { AskedField, ConnectPage } from '../../../application/connect-sessions/connect-answer.js';
import { factList, scopeList } from './fact-list.js';
import { markup, type SafeHtml } from './markup.js';
import { noticeTexts } from './notice-texts.js';
import type { PageContent } from './page-layout.js';

/** The page on which a person begins the consent, or enters a credential. */
export function askPageContent(page: Extract<ConnectPage, { kind: 'ask' }>): PageContent {
  const { facts, action, formToken, fields, problems, lastError, repairs, scopes } = page;
  const { providerName, userId, tenantId } = facts;
  const last = lastError === undefined ? undefined : noticeTexts(lastError, providerName);
  const verb = repairs === undefined ? 'Connect' : 'Reconnect';
  return {
    heading: `${verb} ${providerName}`,
    body: markup`${
      last &&
      markup`<div class="bad" role="alert">
        <p><strong>${last.heading}.</strong> ${last.text}</p>
      </div>`
    }
      ${
        problems.length > 0 &&
        markup`<div class="bad" role="alert" id="problems">
        <p><strong>Some values need a correction.</strong></p>
        <ul>
          ${problems.map((problem) => markup`<li>${problem}</li>`)}
        </ul>
      </div>`
      }
      <p>Agents will use your ${providerName} account when they work for you.</p>
      ${factList(facts, repairs === undefined ? undefined : ['Account', repairs])}
      ${scopeList(`${providerName} will be asked for these permissions`, scopes)}
      <div class="note">
        <p>
          Go on only if you are <strong><bdi>${userId}</bdi></strong> of
          <strong><bdi>${tenantId}</bdi></strong
          >. If somebody else sent you this link, close this page: your account would act for that person.
        </p>
      </div>
      <form method="post" action="${action}">
        <input type="hidden" name="form_token" value="${formToken}" />
        ${fields.map((field) => fieldInput(field, problems.length > 0))}
        <div class="actions">
          ${
            fields.length > 0
              ? markup`<button name="step" value="fields">Check and continue</button>`
              : markup`<button name="step" value="start">Continue to ${providerName}</button>`
          }
          <button class="second" name="step" value="cancel" formnovalidate>Cancel</button>
        </div>
      </form>`,
  };
}

function fieldInput(
  { name, label, secret, optional, help, value }: AskedField,
  hasProblems: boolean,
): SafeHtml {
  const id = `field-${name}`;
  const described = [...(help === undefined ? [] : [`${id}-help`]), ...(hasProblems ? ['problems'] : [])];
  return markup`<label for="${id}">${label}${optional ? ' (optional)' : ''}</label>
    <input
      id="${id}"
      name="field.${name}"
      type="${secret ? 'password' : 'text'}"
      value="${value}"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      ${optional ? undefined : markup` required`}${
        described.length === 0 ? undefined : markup` aria-describedby="${described.join(' ')}"`
      }
    />
    ${help === undefined ? undefined : markup`<p class="help" id="${id}-help">${help}</p>`}`;
}

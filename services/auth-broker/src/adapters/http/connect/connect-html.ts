import type { ConnectPage } from '../../../application/connect-sessions/connect-answer.js';
import { confirmPageContent, connectedPageContent, forwardPageContent } from './account-pages.js';
import { askPageContent } from './ask-page.js';
import { factList } from './fact-list.js';
import { markup } from './markup.js';
import { noticeTexts } from './notice-texts.js';
import { pageLayout, type PageContent } from './page-layout.js';

/** The HTML of a connect page. */
export function connectHtml(page: ConnectPage): string {
  return pageLayout(contentOf(page));
}

function contentOf(page: ConnectPage): PageContent {
  switch (page.kind) {
    case 'ask':
      return askPageContent(page);
    case 'confirm':
      return confirmPageContent(page);
    case 'connected':
      return connectedPageContent(page);
    case 'forward':
      return forwardPageContent(page);
    case 'notice':
      return noticeContent(page);
  }
}

function noticeContent({
  notice,
  facts,
  again,
  back,
}: Extract<ConnectPage, { kind: 'notice' }>): PageContent {
  const { heading, text } = noticeTexts(notice, facts?.providerName);
  const second = again === undefined ? 'button' : 'button second';
  return {
    heading,
    body: markup`<p>${text}</p>
      ${facts && factList(facts)}
      ${
        (again !== undefined || back !== undefined) &&
        markup`<div class="actions">
        ${again && markup`<a class="button" href="${again}">Try again</a>`}
        ${
          back &&
          markup`<a class="${second}" href="${back}" rel="noreferrer">Back to ${new URL(back).host}</a>`
        }
      </div>`
      }`,
  };
}

import type { ConnectFacts } from '../../../application/connect-sessions/connect-answer.js';
import { markup, type SafeHtml } from './markup.js';

type Fact = readonly [name: string, value: string];

/** The user and the account of a connection, as a list. */
export function factList(
  { tenantId, userId, providerName, returnHost }: ConnectFacts,
  ...more: readonly (Fact | undefined)[]
): SafeHtml {
  const facts: readonly (Fact | undefined)[] = [
    ['For', userId],
    ['Organisation', tenantId],
    ['Provider', providerName],
    ...more,
    returnHost === undefined ? undefined : ['Returns to', returnHost],
  ];
  return markup`<dl>
    ${facts.map(
      (fact) =>
        fact &&
        markup`<div>
          <dt>${fact[0]}</dt>
          <dd><bdi>${fact[1]}</bdi></dd>
        </div>`,
    )}
  </dl>`;
}

/** Scopes with a heading. Nothing without scopes. */
export function scopeList(heading: string, scopes: readonly string[]): SafeHtml | undefined {
  if (scopes.length === 0) return undefined;
  return markup`<h2>${heading}</h2>
    <ul>
      ${scopes.map((scope) => markup`<li><code>${scope}</code></li>`)}
    </ul>`;
}

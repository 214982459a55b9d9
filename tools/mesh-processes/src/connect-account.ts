import { CookieBrowser } from '@action-mesh/testing';

/** The user who connects an account, and where. */
export interface AccountToConnect {
  readonly gatewayUrl: string;
  /** A key with the scope `connections:write`. */
  readonly apiKey: string;
  readonly userId: string;
  readonly integration: string;
  /** Goes to the provider's page, lets its user agree, and resolves with the address to which the provider returns. */
  readonly consent: (url: string) => Promise<string>;
}

/** The most pages of one connect session. */
const mostPages = 10;

/** Connects an account as a person with a browser does. Resolves with the id of the connection. */
export async function connectAccount(account: AccountToConnect): Promise<string> {
  const { gatewayUrl, apiKey, userId, integration, consent } = account;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const answer = await fetch(`${gatewayUrl}/v1/connect-sessions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ user_id: userId, integration }),
  });
  const session = (await answer.json()) as { readonly id: string; readonly url: string };
  if (answer.status !== 201)
    throw new Error(`the connect session was answered ${answer.status}: ${JSON.stringify(session)}`);
  const lastPage = await walkConnectPages({ gatewayUrl, startUrl: session.url, consent });
  const shown = await fetch(`${gatewayUrl}/v1/connect-sessions/${session.id}`, { headers });
  const { status, connection_id: id, error } = (await shown.json()) as Record<string, string | undefined>;
  if (status !== 'completed' || id === undefined)
    throw new Error(
      `the connect session is ${status ?? 'unknown'} ${error ?? ''}: ${lastPage.slice(0, 2_000)}`,
    );
  return id;
}

/** Opens a connect page, presses the first button of each page, and resolves with the last page. */
export async function walkConnectPages({
  gatewayUrl,
  startUrl,
  consent,
}: Pick<AccountToConnect, 'gatewayUrl' | 'consent'> & { readonly startUrl: string }): Promise<string> {
  const browser = new CookieBrowser();
  let page = await browser.get(startUrl);
  for (let count = 0; count < mostPages; count += 1) {
    const target = page.location ?? refreshIn(page.body);
    const form = target === undefined ? formIn(page.body) : undefined;
    if (target !== undefined) {
      const isOurs = target.startsWith(`${gatewayUrl}/`);
      page = await browser.get(isOurs ? target : await consent(target));
    } else if (form === undefined) break;
    else page = await browser.post(new URL(form.action, startUrl).href, form.fields);
  }
  return page.body;
}

/** The address to which a page sends its browser by itself. */
function refreshIn(html: string): string | undefined {
  return /<meta http-equiv="refresh" content="0; url=([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
}

interface Form {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The first form of a page, with its hidden fields. */
function formIn(html: string): Form | undefined {
  const [form = '', action] = /<form[^>]*action="([^"]*)"[\s\S]*?<\/form>/.exec(html) ?? [];
  if (action === undefined) return undefined;
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<(?:input|button)[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const value = /\bvalue="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined && value !== undefined && !(name in fields)) fields[name] = value;
  }
  return { action, fields };
}

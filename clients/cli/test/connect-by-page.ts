import { CookieBrowser } from '@action-mesh/testing';

/** Opens the page of a connect link as a user, fills in each form with `x`, and presses the first button of each. */
export async function connectByPage(url: string): Promise<void> {
  const browser = new CookieBrowser();
  let page = await browser.get(url);
  for (let count = 0; count < 10; count += 1) {
    const [form = '', action] = /<form[^>]*action="([^"]*)"[\s\S]*?<\/form>/.exec(page.body) ?? [];
    if (page.location !== undefined) page = await browser.get(page.location);
    else if (action === undefined) return;
    else page = await browser.post(new URL(action, url).href, fieldsOf(form));
  }
  throw new Error(`The pages of ${url} do not end.`);
}

function fieldsOf(form: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  const typed = 'x';
  for (const [tag] of form.matchAll(/<(?:input|button)[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined && !(name in fields)) fields[name] = /\bvalue="([^"]+)"/.exec(tag)?.[1] ?? typed;
  }
  return fields;
}

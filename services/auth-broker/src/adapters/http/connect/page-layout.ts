import { markup, SafeHtml } from './markup.js';
import { pageStyle } from './page-style.js';

/** The content of a page. */
export interface PageContent {
  /** The only heading of the first rank, and the title. */
  readonly heading: string;
  readonly body: SafeHtml;
  /** The browser goes on to this address at once. */
  readonly forwardTo?: string;
}

/** A whole HTML document. */
export function pageLayout({ heading, body, forwardTo }: PageContent): string {
  const style = SafeHtml.ofOwn(pageStyle);
  const refresh =
    forwardTo === undefined ? undefined : markup`<meta http-equiv="refresh" content="0; url=${forwardTo}" />`;
  // The policy of the page names the digest of the style, so nothing may stand around it.
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
${refresh}
<title>${heading} · Action Mesh</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
${body}
</main>
<footer>Action Mesh runs tools for agents with the accounts that people connect.</footer>
</body>
</html>
`.text;
}

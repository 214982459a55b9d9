import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file that the reference page loads. */
export interface ReferencePart {
  readonly type: string;
  readonly read: () => Buffer;
}

/** The policy of the page: scripts, styles, images and requests of this origin alone. */
export const referenceCsp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The reference page. Its addresses are relative, so that it also works behind a path prefix. */
export const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<link rel="icon" href="data:," />
<title>API reference · Action Mesh</title>
<link rel="stylesheet" href="docs/swagger-ui.css" />
<link rel="stylesheet" href="docs/page.css" />
</head>
<body>
<noscript>This page needs scripts. The document is at v1/openapi.json.</noscript>
<main id="reference"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/page.js"></script>
</body>
</html>
`;

const style = 'body{margin:0}html.dark-mode{background:#1c2022}.swagger-ui .topbar{display:none}';

/** Follows the color scheme of the system. */
const script = `
'use strict';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
SwaggerUIBundle({
  url: new URL('v1/openapi.json', document.baseURI).href,
  domNode: document.getElementById('reference'),
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayOperationId: true,
  filter: true,
  validatorUrl: null,
});
`;

/** The files of the page, by their names in its address. The library's files are read when a browser asks. */
export function referenceParts(): ReadonlyMap<string, ReferencePart> {
  const library = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const ofLibrary = (name: string): (() => Buffer) => {
    let read: Buffer | undefined;
    return () => (read ??= readFileSync(join(library, name)));
  };
  const scripts = 'text/javascript; charset=utf-8';
  const styles = 'text/css; charset=utf-8';
  return new Map<string, ReferencePart>([
    ['swagger-ui-bundle.js', { type: scripts, read: ofLibrary('swagger-ui-bundle.js') }],
    ['swagger-ui.css', { type: styles, read: ofLibrary('swagger-ui.css') }],
    ['page.css', { type: styles, read: () => Buffer.from(style) }],
    ['page.js', { type: scripts, read: () => Buffer.from(script) }],
  ]);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openApiDocument, type GatewayDocument } from './openapi-document.js';

/** The document of this version of the gateway. `serverUrl` is its origin, as callers see it. */
export function ownOpenApiDocument(
  options: { readonly serverUrl?: string | undefined; readonly areAnswersClosed?: boolean } = {},
): GatewayDocument {
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'),
  ) as { readonly version: string };
  return openApiDocument({ version: manifest.version, ...options });
}

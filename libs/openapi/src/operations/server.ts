import type { OpenApiDocument } from '../document/openapi-document.js';
import { serverUrl } from '../document/servers.js';
import { below, type Findings } from '../finding.js';
import { listAt } from '../json-object.js';
import type { Operation } from './operation.js';

/** The address of operations without their own servers. */
interface DocumentLocation {
  readonly document: OpenApiDocument;
  readonly baseUrl: string;
  readonly documentUrl?: string;
}

/**
 * The address of an operation. Servers of the operation or its path always win: if the mesh cannot use them, another
 * server would be a wrong host. Relative ones are resolved against the document's address, else against its base URL.
 */
export function operationUrl(
  { document, baseUrl, documentUrl }: DocumentLocation,
  { source, pathItem, pointer, pathPointer }: Operation,
  findings: Findings,
): string {
  const holder = [source, pathItem].find((each) => listAt(each, 'servers').length > 0);
  if (holder === undefined) return baseUrl;
  const own = serverUrl(holder, documentUrl ?? baseUrl);
  if (own === undefined) {
    findings.refuse(
      'server_unusable',
      below(holder === source ? pointer : pathPointer, 'servers'),
      'names no server with an http or https URL and a default for each variable',
    );
    return baseUrl;
  }
  if (own === baseUrl || own === serverUrl(document.root, documentUrl)) return baseUrl;
  findings.warn('other_server', pointer, `is at ${own}, unlike the rest of the document`);
  return own;
}

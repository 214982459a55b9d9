import { Egress } from '@action-mesh/egress';

import { fetchDocument, type FoundDocument } from './document-source.js';

/**
 * Fetches a URL under the egress guard of the mesh. `allow` lists the addresses beyond the public internet that it
 * may reach.
 */
export async function fetchGuarded(url: string, allow: readonly string[]): Promise<FoundDocument> {
  await using egress = new Egress({ userAgent: 'action-mesh-import', allow });
  return await fetchDocument(url, (request) => egress.request(request));
}

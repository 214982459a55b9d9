import { Egress } from '@action-mesh/egress';

import { fetchDocument, type FoundDocument } from './document-source.js';

/**
 * Fetches under the guard of the mesh's egress. `allow` lists the addresses that it may reach beside the public
 * internet.
 */
export async function fetchGuarded(url: string, allow: readonly string[]): Promise<FoundDocument> {
  await using egress = new Egress({ userAgent: 'action-mesh-import', allow });
  return await fetchDocument(url, (request) => egress.request(request));
}

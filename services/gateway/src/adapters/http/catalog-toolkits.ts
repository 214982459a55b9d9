import type { CatalogAnswer, CatalogDesk, CatalogQuestion } from '../../application/catalog-desk.port.js';
import { InternalApi, queryString, unexpected } from './internal-api.js';

/** Toolkits and overrides, over the internal API of the catalog. */
export class CatalogToolkits implements CatalogDesk {
  readonly #api: InternalApi;

  constructor(catalogUrl: string, tenantId: string) {
    this.#api = new InternalApi(
      catalogUrl,
      tenantId,
      'The catalog, which keeps the toolkits, cannot be asked now. Calls go on without it.',
    );
  }

  ask({ method, path, query = {}, body }: CatalogQuestion): Promise<CatalogAnswer> {
    const address = ['/internal/toolkits', ...path.map(encodeURIComponent)].join('/');
    return this.#api.ask(
      { method, path: address + queryString(query), ...(body === undefined ? {} : { body }) },
      (answer) => (answer.status < 500 ? answer : unexpected(answer)),
    );
  }
}

import type {
  CatalogResponse,
  CatalogClient,
  CatalogRequest,
} from '../../application/catalog-client.port.js';
import { InternalApi, unexpected } from './internal-api.js';

/** A large toolkit takes the catalog a while, and it sets itself no limit. */
const TIMEOUT_MS = 125_000;

/** Toolkits and overrides, over the internal API of the catalog. */
export class CatalogToolkits implements CatalogClient {
  readonly #api: InternalApi;

  constructor(catalogUrl: string, tenantId: string, stop: AbortSignal) {
    this.#api = new InternalApi({
      url: catalogUrl,
      tenantId,
      timeoutMs: TIMEOUT_MS,
      unavailable: 'The catalog, which keeps the toolkits, cannot be asked now. Calls go on without it.',
      fix: 'Look whether it was taken before you send it again: GET /v1/toolkits/{toolkit} says where "stable" stands, and …/overrides what was proposed and decided. A proposal that is sent twice is two.',
      stop,
    });
  }

  ask({ path, ...question }: CatalogRequest): Promise<CatalogResponse> {
    return this.#api.ask({ ...question, path: ['toolkits', ...path] }, (answer) =>
      answer.status < 500 ? answer : unexpected(answer),
    );
  }
}

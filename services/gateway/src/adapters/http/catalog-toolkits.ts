import type {
  CatalogResponse,
  CatalogClient,
  CatalogRequest,
} from '../../application/catalog-client.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

/** The catalog needs time for a large toolkit and has no time limit of its own. */
const timeoutMs = 125_000;

/** Toolkits and overrides, over the internal API of the catalog. */
export class CatalogToolkits implements CatalogClient {
  readonly #api: InternalApi;

  constructor(catalog: ServiceAddress, stop: AbortSignal) {
    this.#api = new InternalApi({
      ...catalog,
      timeoutMs: timeoutMs,
      unavailable: 'The catalog, which keeps the toolkits, cannot be reached now. Calls do not depend on it.',
      fix: 'Check whether the change was made before you send it again. GET /v1/toolkits/{toolkit} shows "stable", and …/overrides shows proposals and decisions. A proposal that is sent twice becomes two proposals.',
      stop,
    });
  }

  ask({ path, ...question }: CatalogRequest): Promise<CatalogResponse> {
    return this.#api.ask({ ...question, path: ['toolkits', ...path] }, (answer) =>
      answer.status < 500 ? answer : unexpected(answer),
    );
  }
}

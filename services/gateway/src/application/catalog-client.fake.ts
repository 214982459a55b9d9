import type { CatalogResponse, CatalogClient, CatalogRequest } from './catalog-client.port.js';

/** A catalog that gives one answer and records every request. */
export class FakeCatalogClient implements CatalogClient {
  readonly questions: CatalogRequest[] = [];
  answer: CatalogResponse = { status: 200, body: {} };

  ask(question: CatalogRequest): Promise<CatalogResponse> {
    this.questions.push(question);
    return Promise.resolve(this.answer);
  }
}

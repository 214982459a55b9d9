import type { CatalogAnswer, CatalogDesk, CatalogQuestion } from './catalog-desk.port.js';

/** A catalog that gives one answer, and keeps what it was asked. */
export class FakeCatalogDesk implements CatalogDesk {
  readonly questions: CatalogQuestion[] = [];
  answer: CatalogAnswer = { status: 200, body: {} };

  ask(question: CatalogQuestion): Promise<CatalogAnswer> {
    this.questions.push(question);
    return Promise.resolve(this.answer);
  }
}

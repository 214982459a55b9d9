import type { Tool } from '@action-mesh/contracts/catalog';
import type { Logger } from '@action-mesh/platform';

import { unusedCredentials } from '../application/unused-credentials.js';
import type { StaticCredential } from '../domain/static-credential.js';

/** A catalog that starts beside this executor has published its tools by then. */
const waitMs = 10_000;

/** Logs one line for each static credential without a use, once the tools are known. */
export class CredentialCheck implements AsyncDisposable {
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(credentials: readonly StaticCredential[], tools: () => Iterable<Tool>, logger: Logger) {
    if (credentials.length === 0) return;
    this.#timer = setTimeout(() => {
      for (const { variable, problem, isMisdirected } of unusedCredentials(credentials, tools()))
        logger[isMisdirected ? 'error' : 'warn']({ variable, problem }, 'a credential goes with no request');
    }, waitMs).unref();
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    return Promise.resolve();
  }
}

import type { Tool } from '@action-mesh/contracts/catalog';
import type { Logger } from '@action-mesh/platform';

import { unusedCredentials } from '../application/unused-credentials.js';
import type { StaticCredential } from '../domain/static-credential.js';

/** A catalog that starts together with this executor has published its tools within this time. */
const waitMs = 10_000;

/** Logs one line for each unused static credential, once the tools are known. */
export class CredentialCheck implements AsyncDisposable {
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(credentials: readonly StaticCredential[], tools: () => Iterable<Tool>, logger: Logger) {
    if (credentials.length === 0) return;
    this.#timer = setTimeout(() => {
      for (const { variable, problem, isMisdirected } of unusedCredentials(credentials, tools()))
        logger[isMisdirected ? 'error' : 'warn'](
          { variable, problem },
          'no request uses a static credential',
        );
    }, waitMs).unref();
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    return Promise.resolve();
  }
}

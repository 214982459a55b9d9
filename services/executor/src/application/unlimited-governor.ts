import type { Admission, Governor } from './governor.port.js';

/** Allows everything. */
export class UnlimitedGovernor implements Governor {
  readonly #allowed: Admission = { allowed: true, permit: { circuit: 'closed', settle: () => undefined } };

  admit(): Promise<Admission> {
    return Promise.resolve(this.#allowed);
  }

  status(): unknown {
    return {};
  }
}

/**
 * The work that one decision may spend on argument conditions. One unit is one comparison, or the search through 64
 * characters. The rules and the arguments come from one tenant, and the executor serves all tenants.
 */
export class WorkBudget {
  #left: number;

  constructor(units = 200_000) {
    this.#left = units;
  }

  /** Whether the units were spent. False: they are not left, so the work must not be done. */
  spend(units: number): boolean {
    this.#left -= units;
    return this.#left >= 0;
  }

  get isExceeded(): boolean {
    return this.#left < 0;
  }
}

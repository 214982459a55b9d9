/** The answer of the rate governor, as it came. */
export interface LimitsAnswer {
  readonly status: number;
  /** Absent where there is no body. */
  readonly body?: unknown;
}

/** The limits that the rate governor keeps. Throws `MeshUnavailableError` when it cannot be asked. */
export interface Limits {
  list(): Promise<LimitsAnswer>;
  put(id: string, policy: unknown): Promise<LimitsAnswer>;
  remove(id: string): Promise<LimitsAnswer>;
}

export const Limits = Symbol('Limits');

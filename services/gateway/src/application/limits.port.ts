/** The answer of the rate governor, unchanged. */
export interface LimitsAnswer {
  readonly status: number;
  /** Absent when the answer has no body. */
  readonly body?: unknown;
}

/** The limits that the rate governor keeps. Throws `MeshUnavailableError` when the governor cannot be reached. */
export interface Limits {
  list(): Promise<LimitsAnswer>;
  put(id: string, policy: unknown): Promise<LimitsAnswer>;
  remove(id: string): Promise<LimitsAnswer>;
}

export const Limits = Symbol('Limits');

import type { Principal } from '@action-mesh/identity';

/** The answer of the rate governor, unchanged. */
export interface LimitsAnswer {
  readonly status: number;
  /** Absent when the answer has no body. */
  readonly body?: unknown;
}

/** The limits of the caller's tenant, which the rate governor keeps. Throws `MeshUnavailableError` when the governor cannot be reached. */
export interface Limits {
  list(caller: Principal): Promise<LimitsAnswer>;
  put(caller: Principal, id: string, policy: unknown): Promise<LimitsAnswer>;
  remove(caller: Principal, id: string): Promise<LimitsAnswer>;
}

export const Limits = Symbol('Limits');

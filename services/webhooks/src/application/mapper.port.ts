import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import type { MappedCall } from '@action-mesh/contracts/webhooks';
import type { JsonValue } from '@action-mesh/kernel';

/** The result of one entry of a mapping, for one call. */
export interface MappedResult {
  /** The index of the entry. */
  readonly entry: number;
  readonly arguments?: JsonValue;
  readonly user_id?: JsonValue;
}

/** The results of a mapping, or the reason of its failure. */
export type Mapped =
  | { readonly ok: true; readonly results: readonly MappedResult[] }
  | { readonly ok: false; readonly reason: MappingFailure; readonly detail: string };

/** Why a mapping failed. */
export type MappingFailure = 'mapping_failed' | 'mapping_too_slow' | 'mapping_too_large' | 'too_many_calls';

/** Evaluates the expressions of tenants, with bounds on time, memory and size. */
export interface Mapper {
  /** Why an expression is none, for people. Undefined: it can be evaluated. */
  problemOf(expression: string): string | undefined;
  /** Evaluates a mapping for an event. It never rejects for a fault of the mapping. */
  map(calls: readonly MappedCall[], event: FiredTrigger): Promise<Mapped>;
}

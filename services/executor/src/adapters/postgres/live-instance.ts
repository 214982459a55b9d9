import { LedgerUnavailableError } from '../../domain/executor.errors.js';
import type { InstanceLease, LedgerInstance } from './instance-lease.js';
import type { LedgerHealth } from './ledger-health.js';

/** The live instance of this process. Without one, notes that and throws `LedgerUnavailableError`. */
export function liveInstance(
  lease: Pick<InstanceLease, 'current'>,
  health: Pick<LedgerHealth, 'refused'>,
): LedgerInstance {
  const { current } = lease;
  if (current !== undefined) return current;
  const error = new LedgerUnavailableError('this instance has no lease at the moment');
  health.refused(error);
  throw error;
}

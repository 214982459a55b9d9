import type { Identity } from '@action-mesh/contracts/auth-broker';

/** The identities in the record that doors should know now. */
export type ReadIdentities = () => Promise<readonly Identity[]>;

/** All identities of the record, for publication. */
export interface IdentityRecord {
  /**
   * Runs a publication while no other instance runs one. Otherwise an instance with an older state of the record could
   * publish a key that another instance has just revoked.
   */
  exclusively<Result>(work: (read: ReadIdentities) => Promise<Result>): Promise<Result>;
}

export const IdentityRecord = Symbol('IdentityRecord');

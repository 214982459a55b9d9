import type { ErasureView } from '@action-mesh/contracts/audit';

/** Erases the data of persons. */
export interface PersonEraser {
  /**
   * Removes the content of all entries of a user, the key of its digests, and the way from the random id to the user, and
   * adds an entry that says so: all of it or nothing. `keyId` is the key of the person who asked.
   */
  erase(tenantId: string, userId: string, keyId: string | undefined): Promise<ErasureView>;
}

export const PersonEraser = Symbol('PersonEraser');

/** Reads the values that the topic should have now. */
export type ReadRecord<Value> = () => Promise<readonly Value[]>;

/** All values of a record, for publication. */
export interface PublishedRecord<Value> {
  /**
   * Runs a publication while no other instance runs one. Otherwise an instance with an older state of the record could
   * publish a key that another instance has just revoked.
   */
  exclusively<Result>(work: (read: ReadRecord<Value>) => Promise<Result>): Promise<Result>;
}

/**
 * Tracks which offset of one partition may be committed, during one assignment of the partition.
 *
 * Offsets are numbers: they stay below 2^53 for the life of any topic.
 *
 * - M13: the commit point is the lowest admitted offset that is not complete, or the position when all are complete.
 *   It is never the highest offset seen, and never past an unfinished record.
 * - M14: an offset is admitted at most once. A held record that is fetched again does not run again.
 * - M15: an offset that was not admitted here cannot be completed here. Work left over from an earlier assignment
 *   moves nothing.
 * - M16: the commit point never goes back.
 */
export class OffsetTracker {
  /** The offset of the next record that may come. */
  #position: number | undefined;
  #committed = -1;
  /** Admitted offsets that are not complete, ascending because they are admitted in ascending order. */
  readonly #open = new Set<number>();

  get position(): number | undefined {
    return this.#position;
  }

  /** The number of admitted records that are not complete. */
  get open(): number {
    return this.#open.size;
  }

  /**
   * Notes the start of a fetch. Returns false when the fetch skipped records. Its position cannot be trusted then,
   * and none of its records may be admitted.
   */
  fetchedFrom(offset: number): boolean {
    if (this.#position === undefined) {
      this.#position = offset;
      this.#committed = offset;
      return true;
    }
    return offset <= this.#position;
  }

  /** Admits a record. Returns false when it was admitted before. */
  admit(offset: number): boolean {
    if (this.#position !== undefined && offset < this.#position) return false;
    this.#position = offset + 1;
    this.#open.add(offset);
    return true;
  }

  /** Moves the position over offsets without a record for us: compacted records, or control records. */
  skipTo(offset: number): void {
    if (this.#position === undefined || offset > this.#position) this.#position = offset;
  }

  /** Completes a record. Returns false when it was not admitted here or is already complete. */
  complete(offset: number): boolean {
    return this.#open.delete(offset);
  }

  /** Every record below this offset is complete. Undefined before the first fetch. */
  get lowWater(): number | undefined {
    for (const lowest of this.#open) return lowest;
    return this.#position;
  }

  /** The offset to commit. Undefined when the broker already has it. */
  get commitPoint(): number | undefined {
    const { lowWater } = this;
    return lowWater !== undefined && lowWater > this.#committed ? lowWater : undefined;
  }

  /** Notes that the broker has this offset. */
  markCommitted(offset: number): void {
    if (offset > this.#committed) this.#committed = offset;
  }
}

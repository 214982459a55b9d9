/**
 * Which offset of one partition may be committed, for one time that the partition is ours.
 *
 * Offsets are numbers: they stay below 2^53 for the life of any topic.
 *
 * - M13: what is committed is the lowest admitted offset that is not completed, or the position where there is none:
 *   never the highest seen, never past a record that is still being worked on.
 * - M14: an offset is admitted at most once; a record that is fetched again while it is held is not run again.
 * - M15: an offset that was never admitted here cannot be completed here, so that work left over from an earlier
 *   assignment moves nothing.
 * - M16: what is to be committed never goes back.
 */
export class OffsetTracker {
  /** Offset of the next record that may come. */
  #position: number | undefined;
  #committed = -1;
  /** Admitted and not completed, in ascending order because offsets are admitted in ascending order. */
  readonly #open = new Set<number>();

  get position(): number | undefined {
    return this.#position;
  }

  /** Records admitted and not completed. */
  get open(): number {
    return this.#open.size;
  }

  /**
   * A fetch from `offset` was answered. False when it skipped records that never came: the fetch position cannot be
   * trusted, and nothing of the answer may be admitted.
   */
  fetchedFrom(offset: number): boolean {
    if (this.#position === undefined) {
      this.#position = offset;
      this.#committed = offset;
      return true;
    }
    return offset <= this.#position;
  }

  /** Takes on a record; false when it was taken on before. */
  admit(offset: number): boolean {
    if (this.#position !== undefined && offset < this.#position) return false;
    this.#position = offset + 1;
    this.#open.add(offset);
    return true;
  }

  /** Moves the position over offsets that hold no record for us: compacted away, or control records. */
  skipTo(offset: number): void {
    if (this.#position === undefined || offset > this.#position) this.#position = offset;
  }

  /** The record is dealt with; false when it is not ours or was completed before. */
  complete(offset: number): boolean {
    return this.#open.delete(offset);
  }

  /** Everything below is dealt with; undefined before the first fetch. */
  get lowWater(): number | undefined {
    for (const lowest of this.#open) return lowest;
    return this.#position;
  }

  /** The offset to commit, where there is news. */
  get commitPoint(): number | undefined {
    const { lowWater } = this;
    return lowWater !== undefined && lowWater > this.#committed ? lowWater : undefined;
  }

  /** The broker has this offset. */
  markCommitted(offset: number): void {
    if (offset > this.#committed) this.#committed = offset;
  }
}

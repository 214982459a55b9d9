/**
 * Repeats a statement that changes at most `atOnce` rows, until it changes fewer. So no statement reaches the timeout of the
 * connection, however many rows there are. Resolves to the number of changed rows.
 */
export async function inBatches(
  atOnce: number,
  change: () => Promise<{ readonly rowCount: number | null }>,
): Promise<number> {
  for (let total = 0; ; ) {
    const { rowCount } = await change();
    const changed = rowCount ?? 0;
    total += changed;
    if (changed < atOnce) return total;
  }
}

/** Reads pages one after the other, as their items are read. */
export async function* iteratePages<Page extends { readonly cursor?: string }, Item>(
  read: (cursor: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* itemsOf(page);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

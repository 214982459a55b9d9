import { NotInCatalogError } from '../domain/catalog.errors.js';
import type { CatalogStore, StoredToolkit } from './catalog-store.port.js';

/** Errors: `CATALOG_NOT_FOUND`. */
export async function storedToolkit(store: CatalogStore, name: string): Promise<StoredToolkit> {
  const found = await store.find(name);
  if (found === undefined) throw new NotInCatalogError(`toolkit "${name}"`);
  return found;
}

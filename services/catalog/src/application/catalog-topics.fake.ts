import { ToolkitPublished, ToolPublished, type Tool, type Toolkit } from '@action-mesh/contracts/catalog';

import type { CatalogTopics, CatalogTopicsChange, PublishedCatalog } from './catalog-topics.port.js';

/** Topics that compact at once, can be unavailable, and show their state at the last `refresh`. */
export class FakeCatalogTopics implements CatalogTopics {
  readonly tools = new Map<string, Tool>();
  readonly toolkits = new Map<string, Toolkit>();
  readonly changes: CatalogTopicsChange[] = [];
  unreachable = false;

  #seen: PublishedCatalog = { tools: new Map(), toolkits: new Map() };

  refresh(): Promise<void> {
    if (this.unreachable) return Promise.reject(new Error('no broker'));
    this.#seen = { tools: new Map(this.tools), toolkits: new Map(this.toolkits) };
    return Promise.resolve();
  }

  published(): Promise<PublishedCatalog> {
    return Promise.resolve(this.#seen);
  }

  apply(change: CatalogTopicsChange): Promise<void> {
    if (this.unreachable) return Promise.reject(new Error('no broker'));
    this.changes.push(change);
    for (const tool of change.tools) this.tools.set(ToolPublished.key(tool), tool);
    for (const toolkit of change.toolkits) this.toolkits.set(ToolkitPublished.key(toolkit), toolkit);
    for (const key of change.withdrawnToolkits) this.toolkits.delete(key);
    for (const key of change.withdrawnTools) this.tools.delete(key);
    return Promise.resolve();
  }
}

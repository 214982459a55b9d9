import { ToolkitPublished, ToolPublished, type Tool, type Toolkit } from '@action-mesh/contracts/catalog';

import type { CatalogTopics, CatalogTopicsChange, PublishedCatalog } from './catalog-topics.port.js';

/** Topics that are compacted at once, and can be out of reach. */
export class FakeCatalogTopics implements CatalogTopics {
  readonly tools = new Map<string, Tool>();
  readonly toolkits = new Map<string, Toolkit>();
  readonly changes: CatalogTopicsChange[] = [];
  unreachable = false;

  published(): Promise<PublishedCatalog> {
    return Promise.resolve({ tools: new Map(this.tools), toolkits: new Map(this.toolkits) });
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

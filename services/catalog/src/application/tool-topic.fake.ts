import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';

import type { ToolTopic, ToolTopicChange } from './tool-topic.port.js';

/** A topic that is compacted at once. */
export class FakeToolTopic implements ToolTopic {
  readonly tools = new Map<string, Tool>();
  readonly changes: ToolTopicChange[] = [];

  published(): Promise<ReadonlyMap<string, Tool>> {
    return Promise.resolve(new Map(this.tools));
  }

  apply(change: ToolTopicChange): Promise<void> {
    this.changes.push(change);
    for (const tool of change.publish) this.tools.set(ToolPublished.key(tool), tool);
    for (const key of change.withdraw) this.tools.delete(key);
    return Promise.resolve();
  }
}

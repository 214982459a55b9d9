import { compileTool } from '@action-mesh/tools/compile';

import type { FoundDefinition, DiscoveredTools, ToolSource, UnreadableSource } from './tool-source.port.js';

/** Tools by the name of their file; an Error stands for an unreadable file. */
export class FakeToolSource implements ToolSource {
  readonly files = new Map<string, unknown>();

  find(): Promise<DiscoveredTools> {
    const definitions: FoundDefinition[] = [];
    const unreadable: UnreadableSource[] = [];
    for (const [source, content] of this.files) {
      if (content instanceof Error)
        unreadable.push({ source, problems: [{ pointer: '', message: content.message }] });
      else definitions.push({ source, compiled: compileTool(content) });
    }
    const locations = [{ location: './tools', sources: definitions.map(({ source }) => source) }];
    return Promise.resolve({ definitions, unreadable, locations });
  }

  fingerprint(): Promise<string> {
    return Promise.resolve([...this.files.keys()].join('\n'));
  }
}

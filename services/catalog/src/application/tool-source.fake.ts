import type { FoundDefinition, FoundTools, ToolSource, UnreadableSource } from './tool-source.port.js';

/** Tools by the name of the file that would hold them; an Error stands for a file that cannot be read. */
export class FakeToolSource implements ToolSource {
  readonly files = new Map<string, unknown>();

  find(): Promise<FoundTools> {
    const definitions: FoundDefinition[] = [];
    const unreadable: UnreadableSource[] = [];
    for (const [source, content] of this.files) {
      if (content instanceof Error)
        unreadable.push({ source, problems: [{ pointer: '', message: content.message }] });
      else definitions.push({ source, definition: content });
    }
    return Promise.resolve({ definitions, unreadable });
  }
}

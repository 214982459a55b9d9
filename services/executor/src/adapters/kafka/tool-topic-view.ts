import { ToolRegistry } from '@action-mesh/admission';
import type { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import { type Tool } from '@action-mesh/contracts/catalog';
import type { CompactedTopic } from '@action-mesh/messaging';
import { compileBinding } from '@action-mesh/tools';

import type { PreparedTool } from '../../application/tools.port.js';
import { findCredential, type FindCredential } from '../../domain/static-credential.js';

/**
 * The published tools of the control topic, each compiled at its first use. It must exist before the topic is ready,
 * because the registry learns only of changes.
 */
export class ToolTopicView {
  /** The same tools for the ingress: found by name, with checks of their arguments. */
  readonly registry = new ToolRegistry();
  readonly #prepared = new Map<string, PreparedTool>();
  readonly #stops: readonly (() => void)[];

  readonly #topic: CompactedTopic<typeof ToolPublished.schema>;
  readonly #credentialFor: FindCredential;

  constructor(
    topic: CompactedTopic<typeof ToolPublished.schema>,
    toolkits: CompactedTopic<typeof ToolkitPublished.schema>,
    credentialFor: FindCredential = findCredential([]),
  ) {
    this.#topic = topic;
    this.#credentialFor = credentialFor;

    const stopTools = topic.onChange((key, tool) => {
      this.#prepared.delete(key);
      if (tool === undefined) this.registry.remove(key);
      else this.registry.put(tool);
    });
    const stopToolkits = toolkits.onChange((key, toolkit) => {
      if (toolkit === undefined) this.registry.removeToolkit(key);
      else this.registry.putToolkit(toolkit);
    });
    this.#stops = [stopTools, stopToolkits];
  }

  /** The tool in exactly this version. */
  get(slug: string, version: string): PreparedTool | undefined {
    const key = `${slug}@${version}`;
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const tool: Tool | undefined = this.#topic.get(key);
    if (tool === undefined) return undefined;
    const { slug: provider, base_url: baseUrl } = tool.provider;
    const { host } = new URL(baseUrl);
    const prepared: PreparedTool = {
      tool,
      endpoint: `${tool.http.method} ${host}${tool.http.path}`,
      hasStaticCredential: this.#credentialFor(provider, baseUrl) !== undefined,
      buildRequest: compileBinding(tool),
    };
    this.#prepared.set(key, prepared);
    return prepared;
  }

  /** The version of this tool for a caller that pins none. */
  stable(slug: string): PreparedTool | undefined {
    const found = this.registry.findIfAny(slug);
    return found === undefined ? undefined : this.get(found.tool.slug, found.tool.version);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }
}

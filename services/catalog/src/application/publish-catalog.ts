import { ToolkitPublished, type Tool, type Toolkit } from '@action-mesh/contracts/catalog';
import { isSameJson } from '@action-mesh/kernel';

import { toolKey } from '../domain/tool-key.js';
import type { CatalogStore, StoredPublication, ToolkitRevisions } from './catalog-store.port.js';
import type { CatalogTopics, CatalogTopicsChange } from './catalog-topics.port.js';

/**
 * Base URLs by provider slug. They replace the recorded ones: staging, a proxy, a self-hosted server. The address of a
 * provider is not part of a version.
 */
export type ProviderUrls = Readonly<Record<string, string>>;

export interface PublicationOptions {
  readonly providerUrls: ProviderUrls;
  /** This deployment. Another deployment decides about the addresses of its own providers. */
  readonly owner: string;
  /** Whether callers may follow `latest`. */
  readonly followLatest: boolean;
}

/**
 * Makes the topics equal to the record, with the writes of all instances. The first run reads everything; later ones
 * read the writes since. Runs never overlap, so no run publishes a tool that another has just replaced. Published tools
 * that the record does not know stay: an empty database withdraws nothing.
 */
export class PublishCatalog {
  #last: Promise<unknown> = Promise.resolve();
  #published: ToolkitRevisions = new Map();
  readonly #providers = new Set<string>();

  readonly #store: CatalogStore;
  readonly #topics: CatalogTopics;
  readonly #options: PublicationOptions;

  constructor(store: CatalogStore, topics: CatalogTopics, options: PublicationOptions) {
    this.#store = store;
    this.#topics = topics;
    this.#options = options;
  }

  /** Providers of {@link ProviderUrls} that no tool has had since the first run. */
  get unusedProviderUrls(): readonly string[] {
    return Object.keys(this.#options.providerUrls).filter((slug) => !this.#providers.has(slug));
  }

  /** The base URL of the provider of a tool of this deployment. */
  baseUrlOf({ provider }: Tool): string {
    const { providerUrls } = this.#options;
    return (
      (Object.hasOwn(providerUrls, provider.slug) ? providerUrls[provider.slug] : undefined) ??
      provider.base_url
    );
  }

  run(): Promise<void> {
    const next = this.#last.then(() => this.#publish());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Publishes once. Returns whether all readers can now know the whole record. If not, the caller tries again. */
  async tryRun(): Promise<boolean> {
    try {
      await this.run();
      return true;
    } catch {
      return false;
    }
  }

  async #publish(): Promise<void> {
    const recorded = await this.#store.publication(this.#published);
    const { tools, withdrawn, toolkits, retired, revisions, owners } = recorded;
    if ([tools, withdrawn, toolkits, retired].every(isEmpty)) return;
    // Refreshes the view first. A view that lags behind could show content that another change has replaced since.
    await this.#topics.refresh();
    const published = await this.#topics.published();
    const change: CatalogTopicsChange = {
      tools: tools
        .map((tool) => this.#located(tool, owners.get(tool.toolkit), published.tools.get(toolKey(tool))))
        .filter((tool) => !isSameJson(tool, published.tools.get(toolKey(tool)))),
      toolkits: this.#toolkits(toolkits).filter(
        (toolkit) => !isSameJson(toolkit, published.toolkits.get(ToolkitPublished.key(toolkit))),
      ),
      withdrawnTools: withdrawn.filter((key) => published.tools.has(key)),
      withdrawnToolkits: retired.filter((key) => published.toolkits.has(key)),
    };
    if (!Object.values(change).every(isEmpty)) await this.#topics.apply(change);
    this.#published = revisions;
  }

  #located(tool: Tool, owner: string | undefined, published: Tool | undefined): Tool {
    const { slug } = tool.provider;
    if (owner !== undefined && owner !== this.#options.owner)
      return published === undefined ? tool : { ...tool, provider: published.provider };
    this.#providers.add(slug);
    const url = this.baseUrlOf(tool);
    return url === tool.provider.base_url ? tool : { ...tool, provider: { slug, base_url: url } };
  }

  /**
   * Publishes the new position of a channel before it removes the old one. In between, the channel is at both, and the
   * newer counts.
   */
  #toolkits(toolkits: StoredPublication['toolkits']): Toolkit[] {
    return toolkits
      .map(
        ({ toolkit, version, tools, stable, newest }): Toolkit => ({
          toolkit,
          version,
          tools,
          channels: [
            ...(stable ? (['stable'] as const) : []),
            ...(newest && this.#options.followLatest ? (['latest'] as const) : []),
          ],
        }),
      )
      .sort((left, right) => right.channels.length - left.channels.length);
  }
}

function isEmpty(list: readonly unknown[]): boolean {
  return list.length === 0;
}

import { ToolkitPublished, ToolPublished, type Tool, type Toolkit } from '@action-mesh/contracts/catalog';
import { isSameJson } from '@action-mesh/kernel';

import type { CatalogStore, StoredPublication } from './catalog-store.port.js';
import type { CatalogTopics, CatalogTopicsChange } from './catalog-topics.port.js';

/**
 * Base URLs by provider slug, which take the place of those in the record: staging, a proxy, a self-hosted server. Where a
 * provider is, is no part of what a version promises.
 */
export type ProviderUrls = Readonly<Record<string, string>>;

export interface PublicationOptions {
  readonly providerUrls: ProviderUrls;
  /** Whether callers may follow `latest`. */
  readonly followLatest: boolean;
}

/**
 * Makes the topics hold what is on record. Running it again publishes nothing; runs follow one another, so that none
 * publishes what another has just replaced. What the record does not know stays published: an empty database withdraws
 * nothing.
 */
export class PublishCatalog {
  #last: Promise<unknown> = Promise.resolve();
  /** How many changes were on record before what was last published was read. */
  #publishedChanges = 0;

  constructor(
    private readonly store: CatalogStore,
    private readonly topics: CatalogTopics,
    private readonly options: PublicationOptions,
  ) {}

  run(): Promise<CatalogTopicsChange> {
    return this.#inTurn(() => this.#publish());
  }

  /** Publishes what was written down since: also what an instance wrote down that ended before it could publish it. */
  async catchUp(): Promise<void> {
    await this.#inTurn(async () => {
      if ((await this.store.changes()) !== this.#publishedChanges) await this.#publish();
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#last.then(task);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #publish(): Promise<CatalogTopicsChange> {
    const changes = await this.store.changes();
    const [recorded, published] = await Promise.all([this.store.publication(), this.topics.published()]);
    const change: CatalogTopicsChange = {
      tools: recorded.tools
        .map((tool) => this.#located(tool))
        .filter((tool) => !isSameJson(tool, published.tools.get(ToolPublished.key(tool)))),
      toolkits: this.#toolkits(recorded).filter(
        (toolkit) => !isSameJson(toolkit, published.toolkits.get(ToolkitPublished.key(toolkit))),
      ),
      withdrawnTools: recorded.withdrawn.filter((key) => published.tools.has(key)),
      withdrawnToolkits: recorded.retired.filter((key) => published.toolkits.has(key)),
    };
    if (Object.values(change).some((part: readonly unknown[]) => part.length > 0))
      await this.topics.apply(change);
    this.#publishedChanges = changes;
    return change;
  }

  #located(tool: Tool): Tool {
    const { providerUrls } = this.options;
    const { slug } = tool.provider;
    const url = Object.hasOwn(providerUrls, slug) ? providerUrls[slug] : undefined;
    return url === undefined ? tool : { ...tool, provider: { slug, base_url: url } };
  }

  /** Where a channel arrives before where it leaves: in between it is at both, and the newer counts. */
  #toolkits({ toolkits }: StoredPublication): Toolkit[] {
    return toolkits
      .map(
        ({ toolkit, version, tools, stable, newest }): Toolkit => ({
          toolkit,
          version,
          tools,
          channels: [
            ...(stable ? (['stable'] as const) : []),
            ...(newest && this.options.followLatest ? (['latest'] as const) : []),
          ],
        }),
      )
      .sort((left, right) => right.channels.length - left.channels.length);
  }
}

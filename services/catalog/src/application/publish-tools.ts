import { compileTool } from '@action-mesh/tools/compile';

import {
  planPublication,
  toolKey,
  type PublicationRules,
  type Refusal,
  type SourcedTool,
} from '../domain/publication-plan.js';
import type { FoundDefinition, ToolSource } from './tool-source.port.js';
import type { ToolTopic } from './tool-topic.port.js';

/** What one run did, as record keys. */
export interface PublicationReport {
  readonly published: readonly string[];
  readonly withdrawn: readonly string[];
  readonly unchanged: number;
  /** Published, defined by nothing that could be read, and kept because something could not be read. */
  readonly held: readonly string[];
  readonly refused: readonly Refusal[];
}

/**
 * Base URLs by provider slug, which take the place of those in the definitions: staging, a proxy, a self-
 * hosted server.
 */
export type ProviderUrls = Readonly<Record<string, string>>;

/** Makes the topic hold what the sources define. Running it again with the same sources publishes nothing. */
export class PublishTools {
  readonly #source: ToolSource;
  readonly #topic: ToolTopic;
  readonly #providerUrls: ProviderUrls;
  readonly #rules: PublicationRules;
  #report: PublicationReport | undefined;

  constructor(
    source: ToolSource,
    topic: ToolTopic,
    options: { readonly providerUrls: ProviderUrls; readonly mayReplace: boolean },
  ) {
    this.#source = source;
    this.#topic = topic;
    this.#providerUrls = options.providerUrls;
    this.#rules = { mayReplace: options.mayReplace, relocated: new Set(Object.keys(options.providerUrls)) };
  }

  /** What the last run did; `undefined` before the first has ended. */
  get report(): PublicationReport | undefined {
    return this.#report;
  }

  async run(): Promise<PublicationReport> {
    const { definitions, unreadable } = await this.#source.find();
    const { tools, refused } = this.#compileAll(definitions);
    const published = await this.#topic.published();
    const plan = planPublication(tools, [...unreadable, ...refused], published, this.#rules);
    if (plan.publish.length > 0 || plan.withdraw.length > 0) await this.#topic.apply(plan);
    this.#report = {
      published: plan.publish.map(toolKey),
      withdrawn: plan.withdraw,
      unchanged: plan.unchanged,
      held: plan.held,
      refused: plan.refused,
    };
    return this.#report;
  }

  #compileAll(definitions: readonly FoundDefinition[]): {
    readonly tools: SourcedTool[];
    readonly refused: Refusal[];
  } {
    const tools: SourcedTool[] = [];
    const refused: Refusal[] = [];
    for (const { source, definition } of definitions) {
      const compiled = compileTool(definition);
      if (compiled.ok) {
        const { provider } = compiled.tool;
        const url = Object.hasOwn(this.#providerUrls, provider.slug)
          ? this.#providerUrls[provider.slug]
          : undefined;
        const tool =
          url === undefined ? compiled.tool : { ...compiled.tool, provider: { ...provider, base_url: url } };
        tools.push({ source, tool });
      } else {
        const { slug, problems } = compiled;
        refused.push({ source, ...(slug === undefined ? {} : { slug }), problems });
      }
    }
    return { tools, refused };
  }
}

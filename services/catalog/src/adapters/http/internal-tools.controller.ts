import { Controller, Get, Inject } from '@nestjs/common';

import { PublishTools, type PublicationReport } from '../../application/publish-tools.js';
import { CatalogTopics } from '../../application/catalog-topics.port.js';

interface PublishedTool {
  readonly slug: string;
  readonly version: string;
  readonly title: string;
  readonly provider: string;
  readonly effect: string;
}

interface ToolsAnswer {
  readonly published: readonly PublishedTool[];
  readonly refused: PublicationReport['refused'];
  readonly held: PublicationReport['held'];
  readonly unconfirmed: PublicationReport['unconfirmed'];
  readonly unreachable: PublicationReport['unreachable'];
  readonly locations: PublicationReport['locations'];
}

/** For operators: the present content of the topic, and the refusals of the last run. */
@Controller('internal/tools')
export class InternalToolsController {
  readonly #topics: CatalogTopics;
  readonly #publishTools: PublishTools;

  constructor(
    @Inject(CatalogTopics) topics: CatalogTopics,
    @Inject(PublishTools) publishTools: PublishTools,
  ) {
    this.#topics = topics;
    this.#publishTools = publishTools;
  }

  @Get()
  async list(): Promise<ToolsAnswer> {
    const { report } = this.#publishTools;
    const { tools } = await this.#topics.published();
    const published = [...tools.entries()]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { slug, version, title, provider, effect }]) => ({
        slug,
        version,
        title,
        provider: provider.slug,
        effect: effect.class,
      }));
    const { refused = [], held = [], unconfirmed = [], unreachable = [], locations = [] } = report ?? {};
    return { published, refused, held, unconfirmed, unreachable, locations };
  }
}

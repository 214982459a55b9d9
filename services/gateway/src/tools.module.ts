import type { Provider, Type } from '@nestjs/common';

import { CatalogToolkits } from './adapters/http/catalog-toolkits.js';
import { ToolkitsController } from './adapters/http/toolkits.controller.js';
import { ToolsController } from './adapters/http/tools.controller.js';
import { CatalogClient } from './application/catalog-client.port.js';
import { KnownTools } from './application/known-tools.js';
import { MetaTools } from './application/meta-tools.js';
import { RestoreCall } from './application/restore-call.js';
import { ToolSearch } from './application/tool-search.js';
import type { GatewayConfig } from './config.js';

/** The routes that show tools and administer toolkits. */
export interface ToolsModule {
  readonly search: ToolSearch;
  readonly metaTools: MetaTools;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Binds the ports of the tools to adapters. `stop` ends requests to the catalog. */
export function composeTools(
  { catalogUrl, serviceKey }: GatewayConfig,
  tools: KnownTools,
  stop: AbortSignal,
): ToolsModule {
  const search = new ToolSearch(tools);
  const metaTools = new MetaTools(tools, search);
  return {
    search,
    metaTools,
    controllers: [ToolsController, ToolkitsController],
    providers: [
      { provide: KnownTools, useValue: tools },
      { provide: RestoreCall, useValue: new RestoreCall(tools) },
      { provide: ToolSearch, useValue: search },
      { provide: MetaTools, useValue: metaTools },
      { provide: CatalogClient, useValue: new CatalogToolkits({ url: catalogUrl, serviceKey }, stop) },
    ],
  };
}

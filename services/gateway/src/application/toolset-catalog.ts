import type { ToolFilter } from '@action-mesh/admission';
import type { Tool } from '@action-mesh/contracts/catalog';
import type { Principal } from '@action-mesh/identity';
import { defined } from '@action-mesh/kernel';

import type { Toolset } from '../domain/mcp-toolset.js';
import type { ToolPageEnd } from '../domain/tool-cursor.js';
import { metaTools } from './meta-tools.js';
import type { ToolSearch } from './tool-search.js';

/** The most tools that a host without a chosen mode sees. Models choose worse among more. */
const mostDirect = 40;
/** The tools of one page. */
const pageSize = 100;

/** A page of the tools that an MCP host lists. */
export interface ToolsetPage {
  readonly tools: readonly Tool[];
  /** The end of this page. Absent: it is the last one. */
  readonly next?: ToolPageEnd;
}

/** The tools of a toolset that a caller may use: the same ones as over HTTP, narrowed by the address of the host. */
export class ToolsetCatalog {
  readonly #search: ToolSearch;

  constructor(search: ToolSearch) {
    this.#search = search;
  }

  /** Lists by name. Rejects with `MeshUnavailableError` while the tools are not known. */
  async page(
    caller: Pick<Principal, 'tools'>,
    toolset: Toolset,
    cursor: ToolPageEnd | undefined,
  ): Promise<ToolsetPage> {
    const filter = toolsetFilter(caller, toolset);
    if (await this.#isSearched(toolset, filter)) {
      const isWanted = ({ slug }: Tool): boolean => toolset.pinned.has(slug);
      const { tools } = await this.#search.find({ isWanted }, filter);
      return { tools: [...metaTools, ...tools] };
    }
    const { tools, next } = await this.#search.find({ limit: pageSize, ...defined({ cursor }) }, filter);
    return { tools, ...defined({ next }) };
  }

  async #isSearched({ mode }: Toolset, filter: ToolFilter): Promise<boolean> {
    if (mode !== undefined) return mode === 'search';
    const { total } = await this.#search.find({ limit: 1 }, filter);
    return total > mostDirect;
  }
}

/** The tools that the key of the caller and the toolset both allow. */
export function toolsetFilter({ tools }: Pick<Principal, 'tools'>, toolset: Toolset): ToolFilter {
  return { allows: (tool) => tools?.allows(tool) !== false && toolset.allows(tool) };
}

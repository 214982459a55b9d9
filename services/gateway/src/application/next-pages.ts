import type { Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import { nextArguments } from '../domain/next-arguments.js';
import type { KnownTools } from './known-tools.js';

/** Finds the call for the next page, where the tool of a call declares its pagination. */
export class NextPages {
  readonly #tools: KnownTools;

  constructor(tools: KnownTools) {
    this.#tools = tools;
  }

  /**
   * The arguments of the call for the page after an outcome, as JSON. Undefined on the last page, and when the tool is
   * not known or declares nothing. `outcome` is read only for a tool with pages. Never throws.
   */
  after(
    tool: { readonly slug: string; readonly version?: string | undefined },
    given: AcceptedCall['arguments'],
    outcome: () => string,
  ): string | undefined {
    const declared = this.#declared(tool.slug, tool.version);
    return declared?.pagination === undefined
      ? undefined
      : nextArguments(declared.pagination, declared, given, outcome());
  }

  #declared(slug: string, version: string | undefined): Tool | undefined {
    try {
      return this.#tools.registry().find(slug, version).tool;
    } catch {
      // A tool that has been withdrawn, or a gateway that has not read the tools yet.
      return undefined;
    }
  }
}

import type { ToolRegistry } from '@action-mesh/admission';

import { MeshUnavailableError } from '../domain/gateway.errors.js';
import type { MeshLink } from './mesh-link.port.js';

/** The published tools. HTTP listens before they have been read. */
export class KnownTools {
  readonly #read: ToolRegistry;
  readonly #link: MeshLink;

  constructor(read: ToolRegistry, link: MeshLink) {
    this.#read = read;
    this.#link = link;
  }

  /**
   * Throws `MeshUnavailableError` until the tools have been read. Before that, the gateway must not report a tool as
   * unknown.
   */
  registry(): ToolRegistry {
    const { missing } = this.#link;
    if (missing === undefined) return this.#read;
    throw new MeshUnavailableError(`The gateway is starting: ${missing}.`);
  }
}

import type { ToolRegistry } from '@action-mesh/admission';

import { MeshUnavailableError } from '../domain/gateway.errors.js';
import type { MeshLink } from './mesh-link.port.js';

/** The published tools, for all who decide or answer by them. HTTP listens before they have been read. */
export class KnownTools {
  constructor(
    private readonly read: ToolRegistry,
    private readonly link: MeshLink,
  ) {}

  /** Throws `MeshUnavailableError` while the gateway starts: until then nobody can say that there is no such tool. */
  registry(): ToolRegistry {
    const { missing } = this.link;
    if (missing === undefined) return this.read;
    throw new MeshUnavailableError(`The gateway is starting: ${missing}.`);
  }
}

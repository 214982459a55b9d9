import { Controller, Header, Inject } from '@nestjs/common';

import { HttpProblemError } from '../problem.js';
import { protocolProblem } from '../protocol-problem.js';
import { Serves } from '../serves.js';
import type { ResourceMetadata } from './resource-metadata.js';

export const ResourceMetadataToken = Symbol('ResourceMetadataToken');

/** Tells MCP hosts where their users log in (RFC 9728). */
@Controller()
export class ResourceMetadataController {
  readonly #metadata: ResourceMetadata | undefined;

  /** Undefined: no authorization server is set. */
  constructor(@Inject(ResourceMetadataToken) metadata: ResourceMetadata | undefined) {
    this.#metadata = metadata;
  }

  @Serves('readMcpResource')
  @Header('cache-control', 'max-age=300')
  ofMcp(): ResourceMetadata {
    return this.#read();
  }

  @Serves('readResource')
  @Header('cache-control', 'max-age=300')
  ofHost(): ResourceMetadata {
    return this.#read();
  }

  #read(): ResourceMetadata {
    if (this.#metadata !== undefined) return this.#metadata;
    throw new HttpProblemError({
      ...protocolProblem(404),
      detail:
        'This gateway has no authorization server. Hosts show a key of the mesh or a token of their tenant.',
      fix: 'Set GATEWAY_AUTHORIZATION_SERVERS to offer logins to MCP hosts.',
    });
  }
}

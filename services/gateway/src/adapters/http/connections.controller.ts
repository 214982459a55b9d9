import {
  connectionQuerySchema,
  type ConnectionPage,
  type ConnectionView,
} from '@action-mesh/contracts/auth-broker';
import { Controller, Header, HttpCode, HttpStatus, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { VisibleConnections } from '../../application/visible-connections.js';
import { readQuery } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { Serves } from './serves.js';

/** Routes for the connections of users. No answer holds a credential. */
@Controller()
export class ConnectionsController {
  readonly #connections: VisibleConnections;

  constructor(@Inject(VisibleConnections) connections: VisibleConnections) {
    this.#connections = connections;
  }

  @Serves('listConnections')
  @Header('cache-control', 'no-store')
  list(@Query() query: unknown, @Req() request: FastifyRequest): Promise<ConnectionPage> {
    const caller = principalOf(request);
    return this.#connections.list(caller, readQuery(connectionQuerySchema, query, 'a query for connections'));
  }

  @Serves('findConnection')
  @Header('cache-control', 'no-store')
  find(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ConnectionView> {
    return this.#connections.find(principalOf(request), id);
  }

  @Serves('setDefaultConnection')
  @HttpCode(HttpStatus.OK)
  @Header('cache-control', 'no-store')
  makeDefault(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ConnectionView> {
    return this.#connections.makeDefault(principalOf(request), id);
  }

  @Serves('disconnect')
  @HttpCode(HttpStatus.NO_CONTENT)
  disconnect(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    return this.#connections.disconnect(principalOf(request), id);
  }
}

import type { ConnectionPage, ConnectionView, UsableConnections } from '@action-mesh/contracts/auth-broker';
import {
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';

import { ChangeConnections } from '../../application/connection-administration/change-connections.js';
import { ShowConnections } from '../../application/connection-administration/show-connections.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The connections of the caller's tenant, for the gateway. It knows the users of a caller, and this service does not. */
@Controller('internal/connections')
export class InternalConnectionsController {
  readonly #showConnections: ShowConnections;
  readonly #changeConnections: ChangeConnections;

  constructor(
    @Inject(ShowConnections) showConnections: ShowConnections,
    @Inject(ChangeConnections) changeConnections: ChangeConnections,
  ) {
    this.#showConnections = showConnections;
    this.#changeConnections = changeConnections;
  }

  @Get()
  list(@Headers() headers: GatewayHeaders, @Query() query: unknown): Promise<ConnectionPage> {
    return orBrokerError(this.#showConnections.list(callerOf(headers), query));
  }

  @Get('usable')
  usable(@Headers() headers: GatewayHeaders, @Query() query: unknown): Promise<UsableConnections> {
    return orBrokerError(this.#showConnections.usable(callerOf(headers), query));
  }

  @Get(':id')
  show(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<ConnectionView> {
    return orBrokerError(this.#showConnections.run(callerOf(headers), id));
  }

  @Post(':id/default')
  @HttpCode(HttpStatus.OK)
  makeDefault(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<ConnectionView> {
    return orBrokerError(this.#changeConnections.makeDefault(callerOf(headers), id));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  disconnect(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<void> {
    return orBrokerError(this.#changeConnections.disconnect(callerOf(headers), id));
  }
}

import type { IntegrationView } from '@action-mesh/contracts/auth-broker';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Put,
  Query,
} from '@nestjs/common';

import { PutIntegration } from '../../application/integrations/put-integration.js';
import { RemoveIntegration } from '../../application/integrations/remove-integration.js';
import { ShowIntegration } from '../../application/integrations/show-integration.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The integrations of the caller's tenant, for the gateway. */
@Controller('internal/integrations')
export class InternalIntegrationsController {
  readonly #showIntegration: ShowIntegration;
  readonly #putIntegration: PutIntegration;
  readonly #removeIntegration: RemoveIntegration;

  constructor(
    @Inject(ShowIntegration) showIntegration: ShowIntegration,
    @Inject(PutIntegration) putIntegration: PutIntegration,
    @Inject(RemoveIntegration) removeIntegration: RemoveIntegration,
  ) {
    this.#showIntegration = showIntegration;
    this.#putIntegration = putIntegration;
    this.#removeIntegration = removeIntegration;
  }

  @Get()
  async list(
    @Headers() headers: GatewayHeaders,
  ): Promise<{ readonly integrations: readonly IntegrationView[] }> {
    return { integrations: await orBrokerError(this.#showIntegration.list(callerOf(headers))) };
  }

  @Get(':integration')
  show(
    @Headers() headers: GatewayHeaders,
    @Param('integration') integration: string,
  ): Promise<IntegrationView> {
    return orBrokerError(this.#showIntegration.run(callerOf(headers), integration));
  }

  @Put(':integration')
  put(
    @Headers() headers: GatewayHeaders,
    @Param('integration') integration: string,
    @Body() body: unknown,
  ): Promise<IntegrationView> {
    return orBrokerError(this.#putIntegration.run(callerOf(headers), integration, body));
  }

  @Delete(':integration')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(
    @Headers() headers: GatewayHeaders,
    @Param('integration') integration: string,
    @Query('with_connections') withConnections: unknown,
  ): Promise<void> {
    return orBrokerError(
      this.#removeIntegration.run(callerOf(headers), integration, withConnections === 'true'),
    );
  }
}

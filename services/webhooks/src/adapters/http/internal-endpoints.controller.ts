import type {
  RedeliveredWebhooks,
  WebhookDeliveryPage,
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookSecretView,
} from '@action-mesh/contracts/webhooks';
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
  ParseUUIDPipe,
  Post,
  Put,
  Query,
} from '@nestjs/common';

import { AdministerDeliveries } from '../../application/endpoints/administer-deliveries.js';
import { AdministerEndpoints } from '../../application/endpoints/administer-endpoints.js';
import { orWebhooksError, webhooksCaller, type InternalHeaders } from './internal-request.js';

/** The webhook endpoints of the caller's tenant, for the gateway. */
@Controller('internal/webhook-endpoints')
export class InternalEndpointsController {
  readonly #endpoints: AdministerEndpoints;
  readonly #deliveries: AdministerDeliveries;

  constructor(
    @Inject(AdministerEndpoints) endpoints: AdministerEndpoints,
    @Inject(AdministerDeliveries) deliveries: AdministerDeliveries,
  ) {
    this.#endpoints = endpoints;
    this.#deliveries = deliveries;
  }

  @Get()
  async list(
    @Headers() headers: InternalHeaders,
  ): Promise<{ readonly endpoints: readonly WebhookEndpointView[] }> {
    return { endpoints: await orWebhooksError(this.#endpoints.list(webhooksCaller(headers))) };
  }

  @Post()
  create(@Headers() headers: InternalHeaders, @Body() body: unknown): Promise<WebhookSecretView> {
    return orWebhooksError(this.#endpoints.create(webhooksCaller(headers), body));
  }

  @Get(':id')
  find(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<WebhookEndpointView> {
    return orWebhooksError(this.#endpoints.find(webhooksCaller(headers), id));
  }

  @Put(':id')
  put(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: unknown,
  ): Promise<WebhookEndpointView> {
    return orWebhooksError(this.#endpoints.put(webhooksCaller(headers), id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(@Headers() headers: InternalHeaders, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return orWebhooksError(this.#endpoints.remove(webhooksCaller(headers), id));
  }

  @Post(':id/test')
  @HttpCode(HttpStatus.OK)
  test(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<WebhookDeliveryView> {
    return orWebhooksError(this.#deliveries.test(webhooksCaller(headers), id));
  }

  @Post(':id/rotate-secret')
  @HttpCode(HttpStatus.OK)
  rotate(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: unknown,
  ): Promise<WebhookSecretView> {
    return orWebhooksError(this.#endpoints.rotate(webhooksCaller(headers), id, body));
  }

  @Post(':id/enable')
  @HttpCode(HttpStatus.OK)
  enable(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<WebhookEndpointView> {
    return orWebhooksError(this.#endpoints.enable(webhooksCaller(headers), id));
  }

  @Get(':id/deliveries')
  deliveries(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: unknown,
  ): Promise<WebhookDeliveryPage> {
    return orWebhooksError(this.#deliveries.list(webhooksCaller(headers), id, query));
  }

  @Post(':id/redeliver')
  @HttpCode(HttpStatus.OK)
  redeliverTime(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: unknown,
  ): Promise<RedeliveredWebhooks> {
    return orWebhooksError(this.#deliveries.redeliverTime(webhooksCaller(headers), id, body));
  }
}

/** Single deliveries of the caller's tenant, for the gateway. */
@Controller('internal/webhook-deliveries')
export class InternalDeliveriesController {
  readonly #deliveries: AdministerDeliveries;

  constructor(@Inject(AdministerDeliveries) deliveries: AdministerDeliveries) {
    this.#deliveries = deliveries;
  }

  @Post(':id/redeliver')
  @HttpCode(HttpStatus.OK)
  redeliver(
    @Headers() headers: InternalHeaders,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<WebhookDeliveryView> {
    return orWebhooksError(this.#deliveries.redeliver(webhooksCaller(headers), id));
  }
}

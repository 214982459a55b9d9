import { deliveryStateSchema, type DeliveryView, type TriggerView } from '@action-mesh/contracts/webhooks';
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
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { z } from 'zod';

import type { PutTrigger } from '../../application/put-trigger.js';
import type { RemoveTrigger } from '../../application/remove-trigger.js';
import type { RotateTriggerSecret } from '../../application/rotate-trigger-secret.js';
import type { DeliveryPage, ShowDeliveries } from '../../application/show-deliveries.js';
import type { ShowTrigger } from '../../application/show-trigger.js';
import { orWebhooksError, webhooksCaller, type InternalHeaders } from './internal-request.js';

const pageSchema = z.object({
  state: deliveryStateSchema.optional().catch(undefined),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  // An invented cursor is an empty place in the list.
  cursor: z.uuid().optional().catch('00000000-0000-0000-0000-000000000000'),
});

/** The use cases for triggers. */
export interface TriggerUseCases {
  readonly show: ShowTrigger;
  readonly put: PutTrigger;
  readonly rotate: RotateTriggerSecret;
  readonly remove: RemoveTrigger;
  readonly deliveries: ShowDeliveries;
}

export const TriggerUseCases = Symbol('TriggerUseCases');

/** The triggers of the caller's tenant and their deliveries, for the gateway. */
@Controller('internal/triggers')
export class InternalTriggersController {
  readonly #cases: TriggerUseCases;

  constructor(@Inject(TriggerUseCases) cases: TriggerUseCases) {
    this.#cases = cases;
  }

  @Get()
  async list(@Headers() headers: InternalHeaders): Promise<{ readonly triggers: readonly TriggerView[] }> {
    return { triggers: await this.#cases.show.list(webhooksCaller(headers)) };
  }

  @Get(':trigger')
  find(@Headers() headers: InternalHeaders, @Param('trigger') name: string): Promise<TriggerView> {
    return orWebhooksError(this.#cases.show.run(webhooksCaller(headers), name));
  }

  @Put(':trigger')
  put(
    @Headers() headers: InternalHeaders,
    @Param('trigger') name: string,
    @Body() body: unknown,
  ): Promise<TriggerView> {
    return orWebhooksError(this.#cases.put.run(webhooksCaller(headers), name, body));
  }

  @Delete(':trigger')
  @HttpCode(HttpStatus.NO_CONTENT)
  remove(@Headers() headers: InternalHeaders, @Param('trigger') name: string): Promise<void> {
    return orWebhooksError(this.#cases.remove.run(webhooksCaller(headers), name));
  }

  @Post(':trigger/rotate-secret')
  @HttpCode(HttpStatus.OK)
  rotate(
    @Headers() headers: InternalHeaders,
    @Param('trigger') name: string,
    @Body() body: unknown,
  ): Promise<TriggerView> {
    return orWebhooksError(this.#cases.rotate.run(webhooksCaller(headers), name, body));
  }

  @Get(':trigger/deliveries')
  deliveries(
    @Headers() headers: InternalHeaders,
    @Param('trigger') name: string,
    @Query() query: unknown,
  ): Promise<DeliveryPage> {
    const { state, limit, cursor } = pageSchema.parse(query);
    return orWebhooksError(
      this.#cases.deliveries.list(webhooksCaller(headers), name, { state, limit, cursor }),
    );
  }

  @Post(':trigger/deliveries/:id/replay')
  @HttpCode(HttpStatus.OK)
  replay(
    @Headers() headers: InternalHeaders,
    @Param('trigger') name: string,
    @Param('id') id: string,
  ): Promise<DeliveryView> {
    return orWebhooksError(this.#cases.deliveries.replay(webhooksCaller(headers), name, id));
  }
}

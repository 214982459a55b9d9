import type { ConnectSessionView } from '@action-mesh/contracts/auth-broker';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';

import { CompleteConnectSession } from '../../../application/connect-sessions/complete-connect-session.js';
import { CreateConnectSession } from '../../../application/connect-sessions/create-connect-session.js';
import { ShowConnectSession } from '../../../application/connect-sessions/show-connect-session.js';
import { callerOf, orBrokerError, type GatewayHeaders } from '../internal-request.js';

/** The longest wait for a change, seconds. */
const longestWaitS = 60;

/** The connect sessions of the caller's tenant, for the gateway. The gateway checks the user of a session. */
@Controller('internal/connect-sessions')
export class InternalConnectSessionsController {
  readonly #create: CreateConnectSession;
  readonly #show: ShowConnectSession;
  readonly #complete: CompleteConnectSession;

  constructor(
    @Inject(CreateConnectSession) create: CreateConnectSession,
    @Inject(ShowConnectSession) show: ShowConnectSession,
    @Inject(CompleteConnectSession) complete: CompleteConnectSession,
  ) {
    this.#create = create;
    this.#show = show;
    this.#complete = complete;
  }

  @Post()
  create(@Headers() headers: GatewayHeaders, @Body() body: unknown): Promise<ConnectSessionView> {
    return orBrokerError(this.#create.run(callerOf(headers), body));
  }

  @Get(':id')
  show(
    @Headers() headers: GatewayHeaders,
    @Param('id') id: string,
    @Query('wait') wait: string | undefined,
  ): Promise<ConnectSessionView> {
    const seconds = Number(wait ?? 0);
    const waitMs = seconds > 0 ? Math.min(seconds, longestWaitS) * 1_000 : 0;
    return orBrokerError(this.#show.run(callerOf(headers), id, waitMs));
  }

  @Post(':id/complete')
  @HttpCode(HttpStatus.OK)
  complete(
    @Headers() headers: GatewayHeaders,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<ConnectSessionView> {
    return orBrokerError(this.#complete.run(callerOf(headers), id, body));
  }
}

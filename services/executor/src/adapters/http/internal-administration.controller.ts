import {
  cancelRequestSchema,
  deadQuerySchema,
  redriveRequestSchema,
  rescheduleRequestSchema,
  verdictRequestSchema,
  waitingQuerySchema,
  type CallView,
  type DeadCallView,
  type DeadPage,
  type RedriveReport,
  type WaitingPage,
} from '@action-mesh/contracts/executor';
import { isId } from '@action-mesh/kernel';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';

import { CallAdministration } from '../../application/administration/call-administration.port.js';
import { CancelCall } from '../../application/administration/cancel-call.js';
import { RedriveCalls } from '../../application/administration/redrive-calls.js';
import { RescheduleCall } from '../../application/administration/reschedule-call.js';
import { ResolveCall } from '../../application/administration/resolve-call.js';
import { Ledger } from '../../application/ledger.port.js';
import {
  callIdOf,
  intervenerOf,
  read,
  requireDone,
  tenantHeader,
  tenantOf,
  type ReceivedHeaders,
} from './administration-requests.js';

type Tenant = string | undefined;

/**
 * Shows the ledger to people and takes their interventions, through the gateway. Not for the outside: the caller names
 * the tenant.
 */
@Controller('internal')
export class InternalAdministrationController {
  readonly #administration: CallAdministration;
  readonly #ledger: Ledger;
  readonly #cancelCall: CancelCall;
  readonly #resolveCall: ResolveCall;
  readonly #rescheduleCall: RescheduleCall;
  readonly #redriveCalls: RedriveCalls;

  constructor(
    @Inject(CallAdministration) administration: CallAdministration,
    @Inject(Ledger) ledger: Ledger,
    @Inject(CancelCall) cancelCall: CancelCall,
    @Inject(ResolveCall) resolveCall: ResolveCall,
    @Inject(RescheduleCall) rescheduleCall: RescheduleCall,
    @Inject(RedriveCalls) redriveCalls: RedriveCalls,
  ) {
    this.#administration = administration;
    this.#ledger = ledger;
    this.#cancelCall = cancelCall;
    this.#resolveCall = resolveCall;
    this.#rescheduleCall = rescheduleCall;
    this.#redriveCalls = redriveCalls;
  }

  @Post('calls/:callId/cancel')
  @HttpCode(200)
  async cancel(
    @Param('callId') callId: string,
    @Headers() headers: ReceivedHeaders,
    @Body() body: unknown,
  ): Promise<CallView> {
    read(cancelRequestSchema, body);
    const { tenantId, by } = intervenerOf(headers);
    const result = await this.#cancelCall.execute(tenantId, callIdOf(callId), by);
    return this.#view(tenantId, callId, requireDone(result));
  }

  @Post('calls/:callId/resolve')
  @HttpCode(200)
  async resolve(
    @Param('callId') callId: string,
    @Headers() headers: ReceivedHeaders,
    @Body() body: unknown,
  ): Promise<CallView> {
    const request = read(verdictRequestSchema, body);
    const { tenantId, by } = intervenerOf(headers);
    const result = await this.#resolveCall.execute(tenantId, callIdOf(callId), request, by);
    return this.#view(tenantId, callId, requireDone(result));
  }

  @Post('calls/:callId/reschedule')
  @HttpCode(200)
  async reschedule(
    @Param('callId') callId: string,
    @Headers() headers: ReceivedHeaders,
    @Body() body: unknown,
  ): Promise<CallView> {
    const { not_before: notBefore } = read(rescheduleRequestSchema, body);
    const { tenantId, by } = intervenerOf(headers);
    const result = await this.#rescheduleCall.execute(tenantId, callIdOf(callId), Date.parse(notBefore), by);
    return this.#view(tenantId, callId, requireDone(result));
  }

  @Get('waiting')
  waiting(@Headers(tenantHeader) tenant: Tenant, @Query() query: unknown): Promise<WaitingPage> {
    return this.#administration.waiting(tenantOf(tenant), read(waitingQuerySchema, query));
  }

  @Get('dead-letters')
  dead(@Headers(tenantHeader) tenant: Tenant, @Query() query: unknown): Promise<DeadPage> {
    return this.#administration.dead(tenantOf(tenant), read(deadQuerySchema, query));
  }

  @Get('dead-letters/:callId')
  async deadCall(
    @Param('callId') callId: string,
    @Headers(tenantHeader) tenant: Tenant,
  ): Promise<DeadCallView> {
    const found = await this.#administration.deadCall(tenantOf(tenant), callIdOf(callId));
    if (found === undefined) throw new NotFoundException('no such dead call');
    return found;
  }

  @Post('dead-letters/redrive')
  @HttpCode(200)
  redrive(@Headers() headers: ReceivedHeaders, @Body() body: unknown): Promise<RedriveReport> {
    const request = read(redriveRequestSchema, body);
    const { tenantId, by } = intervenerOf(headers);
    return this.#redriveCalls.execute(tenantId, request, by);
  }

  @Get('sagas/:sagaId')
  async saga(
    @Param('sagaId') sagaId: string,
    @Headers(tenantHeader) tenant: Tenant,
  ): Promise<{ calls: CallView[] }> {
    const tenantId = tenantOf(tenant);
    const calls: CallView[] = [];
    for (const callId of await this.#administration.saga(tenantId, sagaId)) {
      const view = isId(callId) ? await this.#ledger.find(tenantId, callId) : undefined;
      if (view !== undefined) calls.push(view);
    }
    return { calls };
  }

  async #view(tenantId: string, callId: string, done: boolean): Promise<CallView> {
    const view = done ? await this.#ledger.find(tenantId, callId) : undefined;
    if (view === undefined) throw new NotFoundException('no such call');
    return view;
  }
}

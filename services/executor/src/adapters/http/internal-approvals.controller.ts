import { readCallerHeaders, type InternalCaller } from '@action-mesh/contracts';
import {
  approvalQuerySchema,
  decideApprovalSchema,
  type ApprovalPage,
  type ApprovalView,
} from '@action-mesh/contracts/executor';
import {
  Body,
  ConflictException,
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

import { DecideOnApproval } from '../../application/administration/decide-approval.js';
import { ShowApproval } from '../../application/administration/show-approval.js';
import { Approvals } from '../../application/approvals.port.js';
import { callIdOf, read, tenantHeader, tenantOf, type ReceivedHeaders } from './administration-requests.js';

/** The approvals of a tenant, for the gateway. Not for the outside: the caller names the tenant. */
@Controller('internal/approvals')
export class InternalApprovalsController {
  readonly #approvals: Approvals;
  readonly #show: ShowApproval;
  readonly #decide: DecideOnApproval;

  constructor(
    @Inject(Approvals) approvals: Approvals,
    @Inject(ShowApproval) show: ShowApproval,
    @Inject(DecideOnApproval) decide: DecideOnApproval,
  ) {
    this.#approvals = approvals;
    this.#show = show;
    this.#decide = decide;
  }

  @Get()
  list(@Headers(tenantHeader) tenant: string | undefined, @Query() query: unknown): Promise<ApprovalPage> {
    return this.#approvals.page(tenantOf(tenant), read(approvalQuerySchema, query));
  }

  @Get(':id')
  async find(
    @Param('id') id: string,
    @Headers(tenantHeader) tenant: string | undefined,
  ): Promise<ApprovalView> {
    const view = await this.#show.execute(tenantOf(tenant), callIdOf(id));
    if (view === undefined) throw new NotFoundException('no such approval');
    return view;
  }

  @Post(':id/approve')
  @HttpCode(200)
  approve(
    @Param('id') id: string,
    @Headers() headers: ReceivedHeaders,
    @Body() body: unknown,
  ): Promise<ApprovalView> {
    return this.#decided(headers, id, 'approved', body);
  }

  @Post(':id/reject')
  @HttpCode(200)
  reject(
    @Param('id') id: string,
    @Headers() headers: ReceivedHeaders,
    @Body() body: unknown,
  ): Promise<ApprovalView> {
    return this.#decided(headers, id, 'rejected', body);
  }

  async #decided(
    headers: ReceivedHeaders,
    id: string,
    decision: 'approved' | 'rejected',
    body: unknown,
  ): Promise<ApprovalView> {
    const request = read(decideApprovalSchema, body);
    const decided = await this.#decide.execute(decider(headers), callIdOf(id), decision, request);
    switch (decided.kind) {
      case 'done':
        return decided.view;
      case 'unknown':
        throw new NotFoundException('no such approval');
      case 'refused':
        throw new ConflictException(decided.refusal);
    }
  }
}

/** The caller of a decision. Without a tenant, a holder and the scope, no approval is found. */
function decider(headers: ReceivedHeaders): InternalCaller {
  const caller = readCallerHeaders(headers);
  if (caller?.scopes.has('approvals:decide') !== true) throw new NotFoundException('no such approval');
  return caller;
}

import {
  approvalQuerySchema,
  decideApprovalSchema,
  type ApprovalPage,
  type ApprovalView,
} from '@action-mesh/contracts/executor';
import { isId } from '@action-mesh/kernel';
import { Controller, HttpCode, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { ApprovalsClient } from '../../application/approvals-client.port.js';
import { approvalNotFound, approvalRefused } from '../../domain/approval-refusals.js';
import { readQuery, readRequestForm } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** Routes for people who decide about calls that a policy asks about. */
@Controller()
export class ApprovalsController {
  readonly #approvals: ApprovalsClient;

  constructor(@Inject(ApprovalsClient) approvals: ApprovalsClient) {
    this.#approvals = approvals;
  }

  @Serves('listApprovals')
  list(@Query() query: unknown, @Req() request: FastifyRequest): Promise<ApprovalPage> {
    const wanted = readQuery(approvalQuerySchema, query, 'a query for approvals');
    return this.#approvals.list(principalOf(request), wanted);
  }

  @Serves('findApproval')
  async find(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ApprovalView> {
    const found = isId(id) ? await this.#approvals.find(principalOf(request), id) : undefined;
    if (found === undefined) throw approvalNotFound();
    return found;
  }

  @Serves('approveCall')
  @HttpCode(200)
  approve(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ApprovalView> {
    return this.#decided(id, 'approve', request);
  }

  @Serves('rejectCall')
  @HttpCode(200)
  reject(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ApprovalView> {
    return this.#decided(id, 'reject', request);
  }

  async #decided(id: string, decision: 'approve' | 'reject', request: FastifyRequest): Promise<ApprovalView> {
    const body = readRequestForm(decideApprovalSchema, readJson(request), 'a decision');
    if (!isId(id)) throw approvalNotFound();
    const decided = await this.#approvals.decide(principalOf(request), id, decision, body);
    switch (decided.kind) {
      case 'done':
        return decided.view;
      case 'unknown':
        throw approvalNotFound();
      case 'refused':
        throw approvalRefused(decided.refusal);
    }
  }
}

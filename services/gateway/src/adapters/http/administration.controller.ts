import {
  cancelRequestSchema,
  deadQuerySchema,
  redriveOneSchema,
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
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { ExecutorAdmin, type Intervention } from '../../application/executor-admin.port.js';
import {
  callNotFound,
  deadLetterNotFound,
  interventionRefused,
  verdictNeeded,
} from '../../domain/intervention-refusals.js';
import { readQuery, readRequestForm } from '../../domain/request-form.js';
import { readJson, readJsonKeeping, readOptionalJson } from './json-body.js';

/** Routes that show waiting and dead calls, and that let people change them. */
@Controller('v1')
export class AdministrationController {
  readonly #admin: ExecutorAdmin;

  constructor(@Inject(ExecutorAdmin) admin: ExecutorAdmin) {
    this.#admin = admin;
  }

  @Post('calls/:id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallView> {
    const body = readRequestForm(cancelRequestSchema, readOptionalJson(request), 'a cancellation');
    return viewOf(await this.#admin.cancel(known(id), body));
  }

  @Post('calls/:id/resolve')
  @HttpCode(200)
  async resolve(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallView> {
    const verdict = readRequestForm(verdictRequestSchema, readJsonKeeping(request, 'result'), 'a verdict');
    return viewOf(await this.#admin.resolve(known(id), verdict));
  }

  @Post('calls/:id/reschedule')
  @HttpCode(200)
  async reschedule(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallView> {
    const moment = readRequestForm(rescheduleRequestSchema, readJson(request), 'a new moment');
    return viewOf(await this.#admin.reschedule(known(id), moment));
  }

  @Get('waiting')
  waiting(@Query() query: unknown): Promise<WaitingPage> {
    return this.#admin.waiting(readQuery(waitingQuerySchema, query, 'a query for waiting calls'));
  }

  @Get('dead-letters')
  dead(@Query() query: unknown): Promise<DeadPage> {
    return this.#admin.dead(readQuery(deadQuerySchema, query, 'a query for dead calls'));
  }

  @Get('dead-letters/:id')
  async deadCall(@Param('id') id: string): Promise<DeadCallView> {
    const found = isId(id) ? await this.#admin.deadCall(id) : undefined;
    if (found === undefined) throw deadLetterNotFound();
    return found;
  }

  @Post('dead-letters/redrive')
  @HttpCode(200)
  redrive(@Req() request: FastifyRequest): Promise<RedriveReport> {
    return this.#admin.redrive(readRequestForm(redriveRequestSchema, readJson(request), 'a redrive'));
  }

  /** Redrives one dead call by its id or by the id of a duplicate. */
  @Post('dead-letters/:id/redrive')
  @HttpCode(200)
  async redriveOne(@Param('id') id: string, @Req() request: FastifyRequest): Promise<RedriveReport> {
    const body = readRequestForm(redriveOneSchema, readOptionalJson(request), 'a redrive');
    const found = await this.deadCall(id);
    if (found.status === 'needs_review') throw verdictNeeded();
    const report = await this.#admin.redrive(
      redriveRequestSchema.parse({ ...body, call_ids: [found.call_id] }),
    );
    // A redrive at the same moment took the call first.
    if (report.redriven.count + report.already_redriven.count === 0) throw deadLetterNotFound();
    return report;
  }
}

function known(id: string): string {
  if (!isId(id)) throw callNotFound();
  return id;
}

function viewOf(intervention: Intervention): CallView {
  switch (intervention.kind) {
    case 'done':
      return intervention.view;
    case 'unknown':
      throw callNotFound();
    case 'refused':
      throw interventionRefused(intervention.refusal);
  }
}

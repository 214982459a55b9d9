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
import { Controller, HttpCode, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { ExecutorAdmin, type Intervention } from '../../application/executor-admin.port.js';
import {
  callNotFound,
  deadLetterNotFound,
  interventionRefused,
  verdictNeeded,
} from '../../domain/intervention-refusals.js';
import { readQuery, readRequestForm } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { readJson, readJsonKeeping, readOptionalJson } from './json-body.js';
import { Serves } from './serves.js';

/** Routes that show waiting and dead calls, and that let people change them. */
@Controller()
export class AdministrationController {
  readonly #admin: ExecutorAdmin;

  constructor(@Inject(ExecutorAdmin) admin: ExecutorAdmin) {
    this.#admin = admin;
  }

  @Serves('cancelCall')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallView> {
    const body = readRequestForm(cancelRequestSchema, readOptionalJson(request), 'a cancellation');
    return viewOf(await this.#admin.cancel(principalOf(request), known(id), body));
  }

  @Serves('resolveCall')
  @HttpCode(200)
  async resolve(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallView> {
    const verdict = readRequestForm(verdictRequestSchema, readJsonKeeping(request, 'result'), 'a verdict');
    return viewOf(await this.#admin.resolve(principalOf(request), known(id), verdict));
  }

  @Serves('rescheduleCall')
  @HttpCode(200)
  async reschedule(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallView> {
    const moment = readRequestForm(rescheduleRequestSchema, readJson(request), 'a new moment');
    return viewOf(await this.#admin.reschedule(principalOf(request), known(id), moment));
  }

  @Serves('listWaiting')
  waiting(@Query() query: unknown, @Req() request: FastifyRequest): Promise<WaitingPage> {
    const wanted = readQuery(waitingQuerySchema, query, 'a query for waiting calls');
    return this.#admin.waiting(principalOf(request), wanted);
  }

  @Serves('listDead')
  dead(@Query() query: unknown, @Req() request: FastifyRequest): Promise<DeadPage> {
    const wanted = readQuery(deadQuerySchema, query, 'a query for dead calls');
    return this.#admin.dead(principalOf(request), wanted);
  }

  @Serves('findDead')
  async deadCall(@Param('id') id: string, @Req() request: FastifyRequest): Promise<DeadCallView> {
    const found = isId(id) ? await this.#admin.deadCall(principalOf(request), id) : undefined;
    if (found === undefined) throw deadLetterNotFound();
    return found;
  }

  @Serves('redriveCalls')
  @HttpCode(200)
  redrive(@Req() request: FastifyRequest): Promise<RedriveReport> {
    const wanted = readRequestForm(redriveRequestSchema, readJson(request), 'a redrive');
    return this.#admin.redrive(principalOf(request), wanted);
  }

  /** Redrives one dead call by its id or by the id of a duplicate. */
  @Serves('redriveCall')
  @HttpCode(200)
  async redriveOne(@Param('id') id: string, @Req() request: FastifyRequest): Promise<RedriveReport> {
    const body = readRequestForm(redriveOneSchema, readOptionalJson(request), 'a redrive');
    const found = await this.deadCall(id, request);
    if (found.status === 'needs_review') throw verdictNeeded();
    const report = await this.#admin.redrive(
      principalOf(request),
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

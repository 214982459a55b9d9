import { readCallerHeaders, type InternalCaller } from '@action-mesh/contracts';
import {
  flowAnswerSchema,
  flowRunQuerySchema,
  flowStartSchema,
  type FlowList,
  type FlowRunDetails,
  type FlowRunList,
  type StartedFlowRun,
} from '@action-mesh/contracts/flows';
import { schemaProblems } from '@action-mesh/kernel';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  HttpException,
  HttpStatus,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import type { z } from 'zod';

import { AdministerRuns } from '../../application/administer-runs.js';
import { InvalidFlowRequestError, RunConflictError, UnknownRunError } from '../../domain/flows.errors.js';
import { flowRunView } from './flow-run-view.js';

type InternalFlowHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The flows and runs of the caller's tenant, for the gateway. */
@Controller('internal')
export class InternalFlowsController {
  readonly #runs: AdministerRuns;

  constructor(@Inject(AdministerRuns) runs: AdministerRuns) {
    this.#runs = runs;
  }

  @Get('flows')
  flows(@Headers() headers: InternalFlowHeaders): FlowList {
    return { flows: [...this.#runs.flows(flowCaller(headers).tenantId)] };
  }

  @Post('flows/:flow/runs')
  @HttpCode(HttpStatus.OK)
  async start(
    @Headers() headers: InternalFlowHeaders,
    @Param('flow') flow: string,
    @Body() body: unknown,
  ): Promise<StartedFlowRun> {
    const request = readBody(flowStartSchema, body);
    const { isNew, ...run } = await orFlowsError(
      this.#runs.start(flowCaller(headers).tenantId, flow, request as never),
    );
    return { ...run, is_new: isNew };
  }

  @Get('runs')
  async list(@Headers() headers: InternalFlowHeaders, @Query() query: unknown): Promise<FlowRunList> {
    const { flow, state, limit = 50, cursor } = readBody(flowRunQuerySchema, query);
    const beforeMs = cursor === undefined ? undefined : Number(cursor);
    const runs = await this.#runs.list(flowCaller(headers).tenantId, { flow, state, limit, beforeMs });
    const last = runs.length < limit ? undefined : runs.at(-1);
    return {
      runs: runs.map((run) => flowRunView(run)),
      ...(last === undefined ? {} : { cursor: String(Math.floor(last.startedAtMs)) }),
    };
  }

  @Get('runs/:run')
  async find(@Headers() headers: InternalFlowHeaders, @Param('run') runId: string): Promise<FlowRunDetails> {
    const run = await orFlowsError(this.#runs.find(flowCaller(headers).tenantId, runId));
    return flowRunView(run, run.steps);
  }

  @Post('runs/:run/resume')
  @HttpCode(HttpStatus.OK)
  async resume(
    @Headers() headers: InternalFlowHeaders,
    @Param('run') runId: string,
  ): Promise<FlowRunDetails> {
    const run = await orFlowsError(this.#runs.resume(flowCaller(headers).tenantId, runId));
    return flowRunView(run, run.steps);
  }

  @Post('runs/:run/cancel')
  @HttpCode(HttpStatus.OK)
  async cancel(
    @Headers() headers: InternalFlowHeaders,
    @Param('run') runId: string,
  ): Promise<FlowRunDetails> {
    const { tenantId, holder } = flowCaller(headers);
    const run = await orFlowsError(this.#runs.cancel(tenantId, runId, holder));
    return flowRunView(run, run.steps);
  }

  @Post('runs/:run/answer')
  @HttpCode(HttpStatus.OK)
  async answer(
    @Headers() headers: InternalFlowHeaders,
    @Param('run') runId: string,
    @Body() body: unknown,
  ): Promise<FlowRunDetails> {
    const { step, choice } = readBody(flowAnswerSchema, body);
    const run = await orFlowsError(this.#runs.answer(flowCaller(headers).tenantId, runId, step, choice));
    return flowRunView(run, run.steps);
  }
}

function flowCaller(headers: InternalFlowHeaders): InternalCaller {
  const caller = readCallerHeaders(headers);
  if (caller !== undefined) return caller;
  throw new HttpException(
    {
      code: 'FLOWS_NO_CALLER',
      message: 'the headers x-mesh-tenant and x-mesh-holder must name the caller; the gateway sets them',
    },
    HttpStatus.BAD_REQUEST,
  );
}

function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new HttpException(
    {
      code: 'FLOWS_INVALID_REQUEST',
      message: 'the request does not have the form of this route',
      problems: schemaProblems(read.error.issues),
    },
    HttpStatus.UNPROCESSABLE_ENTITY,
  );
}

async function orFlowsError<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UnknownRunError) throw refusal(HttpStatus.NOT_FOUND, error);
    if (error instanceof RunConflictError) throw refusal(HttpStatus.CONFLICT, error);
    if (error instanceof InvalidFlowRequestError) throw refusal(HttpStatus.UNPROCESSABLE_ENTITY, error);
    throw error;
  }
}

function refusal(
  status: HttpStatus,
  { code, message }: { readonly code: string; readonly message: string },
): HttpException {
  return new HttpException({ code, message }, status);
}

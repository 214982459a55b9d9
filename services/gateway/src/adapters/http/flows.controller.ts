import { flowRunQuerySchema } from '@action-mesh/contracts/flows';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { FlowsClient, type FlowsRequest } from '../../application/flows-client.port.js';
import { flowNotFound, flowRefused, type SoughtFlow } from '../../domain/flow-refusals.js';
import { readQuery } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { readRefusal } from './internal-refusal.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** An impossible name reaches no service: a caller may have written a secret there. */
const possible: Readonly<Record<SoughtFlow, RegExp>> = {
  flow: /^[a-z0-9-]{1,100}$/,
  flow_run: /^run_[0-9a-f]{32}$/,
};

/** Routes for the flows of the caller's tenant, and for their runs. */
@Controller()
export class FlowsController {
  readonly #flows: FlowsClient;

  constructor(@Inject(FlowsClient) flows: FlowsClient) {
    this.#flows = flows;
  }

  @Serves('listFlows')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#send({ caller: principalOf(request), method: 'GET', path: ['flows'] }, 'flow', reply);
  }

  @Serves('startFlow')
  start(
    @Param('flow') flow: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    const path = ['flows', known('flow', flow), 'runs'];
    return this.#send({ caller, method: 'POST', path, body }, 'flow', reply);
  }

  @Serves('listFlowRuns')
  runs(
    @Query() parameters: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = readQuery(flowRunQuerySchema, parameters, 'a list of runs');
    return this.#send(
      { caller: principalOf(request), method: 'GET', path: ['runs'], query },
      'flow_run',
      reply,
    );
  }

  @Serves('findFlowRun')
  find(@Param('run') run: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = ['runs', known('flow_run', run)];
    return this.#send({ caller: principalOf(request), method: 'GET', path }, 'flow_run', reply);
  }

  @Serves('resumeFlowRun')
  resume(
    @Param('run') run: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#change(run, 'resume', {}, request, reply);
  }

  @Serves('cancelFlowRun')
  cancel(
    @Param('run') run: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#change(run, 'cancel', {}, request, reply);
  }

  @Serves('answerFlowRun')
  answer(
    @Param('run') run: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#change(run, 'answer', readJson(request), request, reply);
  }

  #change(
    run: string,
    act: string,
    body: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const path = ['runs', known('flow_run', run), act];
    return this.#send({ caller: principalOf(request), method: 'POST', path, body }, 'flow_run', reply);
  }

  /** Sends the answer of the service in the form of this API. */
  async #send(request: FlowsRequest, what: SoughtFlow, reply: FastifyReply): Promise<void> {
    const { status, body } = await this.#flows.ask(request);
    if (status >= 400)
      throw flowRefused(status, readRefusal(body, 'the service for flows refused the request'), what);
    void reply.code(status).send(body);
  }
}

function known(what: SoughtFlow, name: string): string {
  if (!possible[what].test(name)) throw flowNotFound(what);
  return name;
}

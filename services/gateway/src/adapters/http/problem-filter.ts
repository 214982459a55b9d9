import { traceFields, type Logger } from '@action-mesh/platform';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { HttpProblemError, sendProblem } from './problem.js';
import { problemOf } from './problem-table.js';
import { protocolProblem } from './protocol-problem.js';
import type { RouteTable } from './route-table.js';
import { traceOf } from './trace-headers.js';

/** Answers every error of a request with a problem document: errors of the gateway and of the web server. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #routes: RouteTable;
  readonly #logger: Logger;

  constructor(routes: RouteTable, logger: Logger) {
    this.#routes = routes;
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    // The caller has gone, or already has its answer.
    if (reply.sent || reply.raw.destroyed) return;
    sendProblem(
      reply,
      problemOf(thrown) ?? this.#protocolProblem(thrown, request) ?? this.#defect(thrown, request),
    );
  }

  #protocolProblem(thrown: unknown, request: FastifyRequest): HttpProblemError | undefined {
    if (!(thrown instanceof HttpException) || thrown.getStatus() >= 500) return undefined;
    const methods = thrown.getStatus() === 404 ? this.#routes.methods(request.url) : [];
    if (methods.length === 0) {
      const { bodyLimit } = request.routeOptions;
      return new HttpProblemError(protocolProblem(thrown.getStatus(), bodyLimit));
    }
    const allow = methods.join(', ');
    return new HttpProblemError(
      {
        status: 405,
        title: 'Method not allowed',
        code: 'method_not_allowed',
        detail: `This address does not accept ${request.method}.`,
        fix: `Use ${allow}.`,
      },
      { allow },
    );
  }

  #defect(err: unknown, request: FastifyRequest): HttpProblemError {
    const { method, routeOptions } = request;
    this.#logger.error(
      { err, method, route: routeOptions.url, ...traceFields(traceOf(request)) },
      'a request failed',
    );
    return new HttpProblemError({
      status: 500,
      title: 'Internal error',
      code: 'internal_error',
      detail: 'The gateway has a defect. Its log has the error.',
    });
  }
}

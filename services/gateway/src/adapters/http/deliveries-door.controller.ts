import { formatTraceparent } from '@action-mesh/kernel';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ReceiveDelivery } from '../../application/receive-delivery.js';
import { RefusedDeliveries } from '../../application/refused-deliveries.js';
import type { DeliveryBodyKind } from '../../domain/delivery-content.js';
import { decodeBody } from './content-coding.js';
import { isForm, isUtf8Json, readMediaType } from './media-type.js';
import { HttpProblemError } from './problem.js';
import { routeOf } from './route-table.js';
import { Serves } from './serves.js';
import { traceOf } from './trace-headers.js';

/** The origin of this gateway as other systems see it, without a slash at its end. Some sign it. */
export const PublicUrl = Symbol('PublicUrl');

/** The route for signed requests of other systems. */
@Controller()
export class DeliveriesDoorController {
  readonly #receive: ReceiveDelivery;
  readonly #refused: RefusedDeliveries;
  readonly #publicUrl: string;

  constructor(
    @Inject(ReceiveDelivery) receive: ReceiveDelivery,
    @Inject(RefusedDeliveries) refused: RefusedDeliveries,
    @Inject(PublicUrl) publicUrl: string,
  ) {
    this.#receive = receive;
    this.#refused = refused;
    this.#publicUrl = publicUrl;
  }

  @Serves('receiveDelivery')
  async receive(
    @Param('tenant') tenant: string,
    @Param('trigger') trigger: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const trace = traceOf(request);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const taken = await this.#receive.execute({
      tenant,
      trigger,
      trace,
      request: {
        method: request.method,
        url: this.#publicUrl + request.url,
        headers: request.headers,
        body,
      },
      content: async () => ({
        kind: kindOf(request),
        body: await decodeBody(body, request.headers['content-encoding'], request.routeOptions.bodyLimit),
      }),
      onRefused: (fault) => this.#refused.record(request.ip, pathOf(request), { tenant, trigger, fault }),
    });
    void reply.header('traceparent', formatTraceparent(trace));
    if (taken.kind === 'challenge') {
      void reply.code(200).type('text/plain; charset=utf-8').send(taken.text);
      return;
    }
    // Slack shows any other answer to its user as an error, and a body as a message.
    if (taken.scheme === 'slack') {
      void reply.code(200).send();
      return;
    }
    void reply
      .code(202)
      .send({ delivery_id: taken.deliveryId, repeated: taken.isRepeated, trace_id: trace.traceId });
  }
}

/** Refuses senders of many wrong requests before their bodies are read. */
export function guardDeliveries(fastify: FastifyInstance, refused: RefusedDeliveries): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const seconds = routeOf(request)?.raw === true ? refused.waitSeconds(request.ip, pathOf(request)) : 0;
    done(seconds === 0 ? undefined : tooManyRefused(seconds));
  });
}

/** The longest path that is counted by itself. Names of triggers are shorter. */
const longestPath = 200;

function pathOf(request: FastifyRequest): string {
  const { tenant = '', trigger = '' } = request.params as Partial<Record<string, string>>;
  return `${tenant}/${trigger}`.slice(0, longestPath);
}

function kindOf({ headers }: FastifyRequest): DeliveryBodyKind {
  const type = readMediaType(headers['content-type'] ?? '');
  if (type === undefined) return 'other';
  if (isForm(type)) return 'form';
  return isUtf8Json(type) ? 'json' : 'other';
}

function tooManyRefused(seconds: number): HttpProblemError {
  return new HttpProblemError(
    {
      status: 429,
      title: 'Too many refused deliveries',
      code: 'deliveries_refused',
      detail: 'This sender has sent many requests that no trigger takes.',
      fix: `Send the next request in ${seconds} s. Compare the address and the secret with those of the trigger before.`,
      retry_after: seconds,
    },
    { 'retry-after': String(seconds) },
  );
}

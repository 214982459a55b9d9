import { Controller, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { readPollQuery, readStreamQuery } from '../../application/outcome-query.js';
import { OutcomeStreams } from '../../application/outcome-streams.js';
import { principalOf } from './caller-guard.js';
import { EventStream } from './event-stream.js';
import { OutcomePoll } from './outcome-poll.js';
import { Serves } from './serves.js';
import { single } from './waiting-caller.js';

const eventStreamType = 'text/event-stream';
/** The most unsent data of one connection, and of all connections of this gateway, in bytes. */
const mostUnsent = { ofOne: 1_048_576, ofAll: 128 * 1_048_576, least: 65_536 };

/** The route that tells the outcomes of calls as they come. */
@Controller()
export class OutcomesController {
  readonly #streams: OutcomeStreams;

  constructor(@Inject(OutcomeStreams) streams: OutcomeStreams) {
    this.#streams = streams;
  }

  /** Server-sent events for a reader that accepts them. Any other reader gets one answer. */
  @Serves('readOutcomes')
  read(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return single(request.headers.accept)?.toLowerCase().includes(eventStreamType) === true
      ? this.#stream(query, request, reply)
      : this.#poll(query, request, reply);
  }

  async #stream(query: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    const wish = readStreamQuery(query, single(request.headers['last-event-id']));
    if (request.method === 'HEAD') {
      void reply.type(`${eventStreamType}; charset=utf-8`).send();
      return;
    }
    await this.#streams.open(caller, wish, (place) => {
      reply.hijack();
      return new EventStream(reply.raw, place, () => mostUnsentOf(this.#streams.size));
    });
  }

  async #poll(query: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    const { waitMs, limit, ...wish } = readPollQuery(query);
    const poll = await this.#streams.open(caller, wish, (place) => new OutcomePoll({ waitMs, limit }, place));
    if (reply.raw.destroyed) poll.close();
    else reply.raw.once('close', () => poll.close());
    void reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(await poll.answer);
  }
}

/** The most unsent data of each connection, in bytes. */
function mostUnsentOf(connections: number): number {
  const { ofOne, ofAll, least } = mostUnsent;
  return Math.max(least, Math.min(ofOne, ofAll / connections));
}

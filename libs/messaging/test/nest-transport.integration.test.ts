import { jest } from '@jest/globals';
import { childSpan } from '@action-mesh/kernel';
import { leakCheck, waitFor } from '@action-mesh/testing';
import {
  Controller,
  Injectable,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { map, type Observable } from 'rxjs';

import type { RecordContext } from '../src/index.js';
import {
  ack,
  deadLetter,
  encodeEvent,
  EventHandler,
  KafkaProducer,
  retry,
  type Outcome,
} from '../src/index.js';
import {
  clientOptions,
  drawnEvent,
  encodeDrawn,
  makeTopics,
  readAll,
  startController,
  startServer,
  type Drawn,
} from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

@Injectable()
class OnlyPositive implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToRpc().getData<Drawn>().n > 0;
  }
}

@Injectable()
class Doubled implements PipeTransform {
  transform(value: unknown): unknown {
    return isDrawn(value) ? { ...value, n: value.n * 2 } : value;
  }
}

const isDrawn = (value: unknown): value is Drawn =>
  typeof value === 'object' && value !== null && 'n' in value;

@Injectable()
class DeadLettersRenamed implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<Outcome>): Observable<Outcome> {
    return next
      .handle()
      .pipe(map((outcome) => (outcome.kind === 'deadLetter' ? deadLetter('RENAMED') : outcome)));
  }
}

describe('Nest around a handler', () => {
  it('applies a guard, a pipe and an interceptor', async () => {
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    const seen: number[] = [];

    @Controller()
    class Numbers {
      @UseGuards(OnlyPositive)
      @UsePipes(Doubled)
      @UseInterceptors(DeadLettersRenamed)
      @EventHandler(event)
      onDrawn(@Payload() data: Drawn): Promise<Outcome> {
        seen.push(data.n);
        return Promise.resolve(data.n === 6 ? deadLetter('SIX') : ack);
      }
    }
    await using running = await startController(client, topics, Numbers);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.sendAll([-1, 1, 3].map((n) => encodeDrawn(event, n)));
    await waitFor(() => seen.length === 2 && running.server.state.lag === 0, {
      what: 'the records to be handled',
    });
    await producer.close();
    const letters = await readAll(client, topics.deadLetters);

    expect(seen.sort()).toEqual([2, 6]);
    expect(letters.map(({ headers }) => headers['mesh-error-code']).sort()).toEqual([
      'HANDLER_THREW',
      'RENAMED',
    ]);
    expect(letters.map(({ headers }) => headers['mesh-error-message'])).toContain(
      'Error: Forbidden resource',
    );
  });

  it('passes the event id and a trace below the record’s', async () => {
    const topics = await makeTopics(client, 1);
    const contexts: RecordContext[] = [];

    @Controller()
    class Numbers {
      @EventHandler(drawnEvent(topics.topic))
      onDrawn(@Payload() _data: Drawn, @Ctx() context: RecordContext): Promise<Outcome> {
        contexts.push(context);
        return Promise.resolve(ack);
      }
    }
    await using running = await startController(client, topics, Numbers);
    const trace = childSpan();
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    const record = encodeEvent(
      drawnEvent(topics.topic),
      { key: 'a', n: 1 },
      { source: '/test', id: 'one', trace },
    );
    await producer.send(record);
    await waitFor(() => contexts.length === 1 && running.server.state.lag === 0, { what: 'the record' });
    await producer.close();

    const [context] = contexts;
    expect(context?.eventId).toBe('one');
    expect(context?.trace.traceId).toBe(trace.traceId);
    expect(context?.trace.spanId).not.toBe(trace.spanId);
    expect(context?.signal.aborted).toBe(false);
  });

  it('refuses two handlers for one event at the start', async () => {
    const topics = await makeTopics(client, 1);

    @Controller()
    class Numbers {
      @EventHandler(drawnEvent(topics.topic))
      first(): Promise<Outcome> {
        return Promise.resolve(ack);
      }

      @EventHandler(drawnEvent(topics.topic))
      second(): Promise<Outcome> {
        return Promise.resolve(ack);
      }
    }
    await expect(startController(client, topics, Numbers)).rejects.toMatchObject({
      code: 'MESSAGING_HANDLER_REGISTRATION',
    });
  });
});

describe('a retry', () => {
  it('runs again, never before its time, and its key waits while others pass', async () => {
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    const order: string[] = [];
    let dueAtMs = 0;
    let ranAtMs = 0;
    await using running = await startServer(client, topics, (data, context) => {
      order.push(`${data.key}${data.n}`);
      if (data.n !== 1) return Promise.resolve(ack);
      if (context.attempt === 0) {
        dueAtMs = Date.now() + 300;
        return Promise.resolve(retry(dueAtMs));
      }
      ranAtMs = Date.now();
      return Promise.resolve(ack);
    });
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.sendAll([
      encodeDrawn(event, 1, 'a'),
      encodeDrawn(event, 2, 'a'),
      encodeDrawn(event, 3, 'b'),
    ]);
    await waitFor(() => order.length === 4 && running.server.state.lag === 0, { what: 'four runs' });
    await producer.close();

    expect(order).toEqual(['a1', 'b3', 'a1', 'a2']);
    expect(ranAtMs).toBeGreaterThanOrEqual(dueAtMs);
  });
});

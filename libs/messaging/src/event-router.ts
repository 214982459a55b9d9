import { isObservable, lastValueFrom } from 'rxjs';
import { RpcException, type MessageHandler } from '@nestjs/microservices';
import { eventType } from '@action-mesh/kernel';
import { decodeEvent } from './codec.js';
import type { RecordHandler, RunningHandler } from './consumer/dispatcher.js';
import type { EventHandlerExtras, EventHandlerOptions } from './event-handler.js';
import { HandlerRegistrationError, UndecodableRecordError } from './messaging.errors.js';
import { ack } from './outcome.js';
import type { HandledSpans } from './spans/handled-spans.js';
import { eventTenant } from './spans/event-tenant.js';
import { RecordContext } from './record-context.js';
import { CloudEventHeader, type IncomingRecord } from './wire.js';

/** The handlers of one topic by event type, behind one function for the lane. */
export interface TopicRoute {
  readonly topic: string;
  readonly options: EventHandlerOptions;
  readonly handle: RecordHandler;
}

interface Registered {
  readonly handler: MessageHandler;
  readonly extras: EventHandlerExtras;
}

const ignored: RunningHandler = { outcome: Promise.resolve(ack), abort: () => undefined };

/** Groups the handlers that Nest registered into one route per topic. Throws {@link HandlerRegistrationError}. */
export function routesOf(handlers: ReadonlyMap<string, MessageHandler>, spans?: HandledSpans): TopicRoute[] {
  const byTopic = new Map<string, Map<string, Registered>>();
  for (const [pattern, handler] of handlers) {
    const extras = (handler.extras as { readonly mesh?: EventHandlerExtras } | undefined)?.mesh;
    if (extras === undefined || handler.isEventHandler !== true) {
      throw new HandlerRegistrationError(`the handler of ${pattern} is not declared with @EventHandler`);
    }
    if (handler.next !== undefined) {
      throw new HandlerRegistrationError(
        `${pattern} has two handlers: a failure of one would run both again`,
      );
    }
    const { topic } = extras.definition;
    const ofTopic = byTopic.get(topic) ?? new Map<string, Registered>();
    byTopic.set(topic, ofTopic.set(eventType(extras.definition), { handler, extras }));
  }
  return [...byTopic].map(([topic, ofTopic]) => routeOf(topic, ofTopic, spans));
}

function routeOf(
  topic: string,
  ofTopic: ReadonlyMap<string, Registered>,
  spans: HandledSpans | undefined,
): TopicRoute {
  const all = [...ofTopic.values()].map(({ extras }) => extras.options);
  const ignoreOtherTypes = all.some((options) => options.ignoreOtherTypes === true);
  return {
    topic,
    // The topic is one lane. It takes the largest requested concurrency, and keeps order if any handler needs it.
    options: {
      concurrency: Math.max(...all.map(({ concurrency = 256 }) => concurrency)),
      ordered: all.some(({ ordered = true }) => ordered),
      takesHandover: all.every(({ takesHandover = false }) => takesHandover),
    },
    handle: (record, attempt) => {
      const registered = ofTopic.get(record.headers[CloudEventHeader.type] ?? '');
      if (registered !== undefined) return run(registered, record, attempt, spans);
      if (ignoreOtherTypes) return ignored;
      throw unroutable(record);
    },
  };
}

function run(
  { handler, extras }: Registered,
  record: IncomingRecord,
  attempt: number,
  spans: HandledSpans | undefined,
): RunningHandler {
  const { data } = decodeEvent(extras.definition, record);
  const context = new RecordContext(record, attempt, spans?.root);
  context.tenantId = eventTenant(data);
  const outcome = outcomeOf(handler, data, context);
  return {
    outcome: spans === undefined ? outcome : spans.watch(context, outcome),
    abort: (reason) => context.abort(reason),
  };
}

/**
 * The outcome of a handler. With interceptors, Nest's handler returns a stream with the outcome as its last value.
 */
async function outcomeOf(handler: MessageHandler, data: unknown, context: RecordContext): Promise<unknown> {
  try {
    const result: unknown = await handler(data, context);
    return isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
  } catch (error) {
    if (context.thrown !== undefined) throw context.thrown.error;
    throw !(error instanceof Error) && isNestFailure(error) ? new RpcException(error.message) : error;
  }
}

/** Whether an error comes from Nest's exception filter, for example for the refusal of a guard. */
function isNestFailure(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}

function unroutable(record: IncomingRecord): UndecodableRecordError {
  return record.headers[CloudEventHeader.type] === undefined
    ? new UndecodableRecordError('MISSING_HEADER', `the header ${CloudEventHeader.type} is missing`)
    : new UndecodableRecordError(
        'UNKNOWN_EVENT_TYPE',
        `the header ${CloudEventHeader.type} names an event type without a handler here`,
      );
}

import { EventPattern } from '@nestjs/microservices';
import { eventType, type EventDefinition } from '@action-mesh/kernel';
import type { EventSchema } from './codec.js';
import type { Outcome } from './outcome.js';
import { RecordContext } from './record-context.js';

export interface EventHandlerOptions {
  /** Handlers of the topic that may run at once in this process. @default 256 */
  readonly concurrency?: number;
  /** Whether records with equal keys run one after the other, in the order of the topic. @default true */
  readonly ordered?: boolean;
  /** Acknowledge other event types on the topic unread, instead of dead-lettering them. @default false */
  readonly ignoreOtherTypes?: boolean;
  /**
   * Handle records that producers of this process hand over, ahead of Kafka. They have no offset yet, and their order is
   * not kept.
   * @default false
   */
  readonly takesHandover?: boolean;
}

/** The options that `@EventHandler` attaches to a handler for the server. */
export interface EventHandlerExtras {
  readonly definition: EventDefinition;
  readonly options: EventHandlerOptions;
}

/** Binds handlers to {@link KafkaTransport} and to no other Nest transport of the application. */
export const kafkaTransport = Symbol('action-mesh.kafka');

/**
 * Handles one kind of event on one topic. The method takes `@Payload()` the decoded data and `@Ctx()` a
 * {@link RecordContext}, and returns an `Outcome`. Pipes, guards and interceptors apply as on any Nest handler. The
 * method should not throw: an error makes a dead letter.
 */
export function EventHandler<Schema extends EventSchema>(
  definition: EventDefinition<Schema>,
  options: EventHandlerOptions = {},
): EventHandlerDecorator {
  const extras: EventHandlerExtras = { definition: definition, options };
  // One event may travel on several topics, each with its own handler.
  const pattern = `${definition.topic} ${eventType(definition)}`;
  const eventPattern = EventPattern(pattern, kafkaTransport, { mesh: extras }) as MethodDecorator;
  return (target, key, descriptor) => {
    rememberThrown(descriptor);
    eventPattern(target, key, descriptor);
  };
}

/** Accepts only methods that return an outcome. */
export type EventHandlerDecorator = (
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<(...args: never[]) => Promise<Outcome>>,
) => void;

/**
 * Remembers an error of the handler for the dead letter: Nest hides it behind `{ status: 'error' }`. Metadata of
 * other decorators moves from the method to the wrapper.
 */
function rememberThrown(descriptor: PropertyDescriptor): void {
  const method = descriptor.value as (...args: readonly unknown[]) => unknown;
  const wrapper = async function (this: unknown, ...args: readonly unknown[]): Promise<unknown> {
    try {
      return await method.apply(this, [...args]);
    } catch (error) {
      const context = args.find((arg) => arg instanceof RecordContext);
      if (context !== undefined) context.thrown = { error };
      throw error;
    }
  };
  for (const metadataKey of Reflect.getMetadataKeys(method) as unknown[]) {
    Reflect.defineMetadata(metadataKey, Reflect.getMetadata(metadataKey, method), wrapper);
  }
  Object.defineProperty(wrapper, 'name', { value: method.name });
  descriptor.value = wrapper;
}

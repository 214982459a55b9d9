import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** Why a record cannot be decoded. These codes are stable: the dead letter has them as `mesh-error-code`. */
export type UndecodableReason =
  | 'MISSING_HEADER'
  | 'UNKNOWN_EVENT_TYPE'
  | 'UNSUPPORTED_CONTENT_TYPE'
  | 'NULL_KEY'
  | 'NULL_VALUE'
  | 'RECORD_TOO_LARGE'
  | 'INVALID_TIME'
  | 'TOO_DEEP'
  | 'INVALID_JSON'
  | 'SCHEMA_VIOLATION';

/** The record does not match the event of its topic. The error never carries the payload. */
export class UndecodableRecordError extends MeshError {
  readonly code = 'MESSAGING_UNDECODABLE_RECORD';
  readonly retry: RetryClass = 'terminal';
  readonly reason: UndecodableReason;

  constructor(reason: UndecodableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The record is larger than the producer allows. It was not sent. */
export class RecordTooLargeError extends MeshError {
  readonly code = 'MESSAGING_RECORD_TOO_LARGE';
  readonly retry: RetryClass = 'terminal';
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(topic: string, bytes: number, maxBytes: number) {
    super(
      `a record of ${bytes} bytes for ${topic} is larger than the ${maxBytes} bytes that a record may have`,
    );
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}

/** The topic is not on the producer's allow-list, or the broker does not have it. The record was not sent. */
export class UnknownTopicError extends MeshError {
  readonly code = 'MESSAGING_UNKNOWN_TOPIC';
  readonly retry: RetryClass = 'terminal';
  readonly topic: string;

  constructor(topic: string, why: string) {
    super(`records for ${topic} are refused: ${why}`);
    this.topic = topic;
  }
}

/** The producer's buffer stayed full for the whole delivery time. The record was not sent. */
export class ProducerBusyError extends MeshError {
  readonly code = 'MESSAGING_PRODUCER_BUSY';
  readonly retry: RetryClass = 'retryable';
}

/** No acknowledgement within the delivery time. The record may or may not be on the topic. */
export class ProduceFailedError extends MeshError {
  readonly code = 'MESSAGING_PRODUCE_FAILED';
  readonly retry: RetryClass = 'retryable';
}

/** The object was closed and takes no more work. */
export class MessagingClosedError extends MeshError {
  readonly code = 'MESSAGING_CLOSED';
  readonly retry: RetryClass = 'retryable';
}

/** The broker could not be reached or did not answer in time. */
export class BrokerUnavailableError extends MeshError {
  readonly code = 'MESSAGING_BROKER_UNAVAILABLE';
  readonly retry: RetryClass = 'retryable';
}

/** A topic exists and does not match its specification. */
export class TopicMismatchError extends MeshError {
  readonly code = 'MESSAGING_TOPIC_MISMATCH';
  readonly retry: RetryClass = 'terminal';
  readonly topic: string;

  constructor(topic: string, message: string) {
    super(message);
    this.topic = topic;
  }
}

/** Clients of one process differ in `patches`. They share one client library, which is either patched or not. */
export class MixedClientPatchesError extends MeshError {
  readonly code = 'MESSAGING_MIXED_CLIENT_PATCHES';
  readonly retry: RetryClass = 'defect';

  constructor(wanted: boolean) {
    super(
      `this client has patches: ${wanted} and an earlier client of the process has patches: ${!wanted}; ` +
        'they share one client library: give all clients the same `patches`',
    );
  }
}

/** The event handlers of a server contradict each other or the server. */
export class HandlerRegistrationError extends MeshError {
  readonly code = 'MESSAGING_HANDLER_REGISTRATION';
  readonly retry: RetryClass = 'defect';
}

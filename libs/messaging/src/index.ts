// Records and their encoding
export {
  CloudEventHeader,
  deadLetterMaxRecordBytes as DEAD_LETTER_MAX_RECORD_BYTES,
  DeadLetterHeader,
  maxRecordBytes as MAX_RECORD_BYTES,
  recordBytes,
} from './wire.js';
export type { IncomingRecord, OutgoingRecord, WireHeaders } from './wire.js';
export { decodeEvent, encodeEvent, encodeTombstone, traceHeaders } from './codec.js';
export type { DecodedEvent, EncodeOptions, EventSchema } from './codec.js';

// Connection
export type { KafkaClientOptions, SaslOptions } from './client-options.js';
export { withSpans } from './spans/with-spans.js';
export { notFromKafka, RecordHandover, withHandover } from './handover/record-handover.js';

// Producing
export { KafkaProducer } from './producer.js';
export type { KafkaProducerOptions, RecordProducer } from './producer.js';

// Consuming: the Nest transport
export { ack, deadLetter, isOutcome, retry } from './outcome.js';
export type { Outcome } from './outcome.js';
export { EventHandler, kafkaTransport as KAFKA_TRANSPORT } from './event-handler.js';
export type { EventHandlerDecorator, EventHandlerExtras, EventHandlerOptions } from './event-handler.js';
export { RecordContext } from './record-context.js';
export { KafkaTransport } from './kafka-transport.js';
export type { KafkaTransportOptions, KafkaServerState, LaneLimits } from './kafka-transport.js';
export type { DeadLetterOptions, DeadLetterPace } from './consumer/dead-letter-sender.js';
export type { LaneCondition, LaneStatus } from './consumer/lane.js';

// Consuming: events that wait
export { DelayLane } from './delay-lane.js';
export type { DelayLaneOptions, DueEvent } from './delay-lane.js';

// Views of topics
export { CompactedTopic } from './compacted-topic.js';
export type { CompactedTopicListener, CompactedTopicOptions } from './compacted-topic.js';
export { readTopicExtent } from './topic-extent.js';
export type { TopicExtent } from './topic-extent.js';
export { TopicFollower } from './topic-follower.js';
export type { TopicFollowerOptions } from './topic-follower.js';
export { TopicReplay } from './topic-replay.js';
export type { TopicReplayOptions } from './topic-replay.js';

// Topics
export { ensureTopics } from './topics.js';
export type { TopicManifest, TopicSpec } from './topics.js';

// Errors
export {
  BrokerUnavailableError,
  HandlerRegistrationError,
  MessagingClosedError,
  MixedClientPatchesError,
  ProduceFailedError,
  ProducerBusyError,
  RecordTooLargeError,
  TopicMismatchError,
  UndecodableRecordError,
  UnknownTopicError,
} from './messaging.errors.js';
export type { UndecodableReason } from './messaging.errors.js';

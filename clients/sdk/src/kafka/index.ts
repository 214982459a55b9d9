// The mesh over Kafka
export { MeshOverKafka as KafkaMesh } from './mesh-over-kafka.js';
export type {
  FollowOptions,
  KafkaExecuteOptions,
  MeshOverKafkaOptions as KafkaMeshOptions,
  RunningFollower,
} from './mesh-over-kafka.js';
export type { FiredEvent } from './fired-event.js';
export type { BorrowedKafka, BorrowedConsumer, BorrowedProducer, BorrowedHandler } from './borrowed-kafka.js';

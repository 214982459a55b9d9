// The stack
export { startDevstack } from './start-devstack.js';
export type { Devstack, DevstackOptions } from './start-devstack.js';
export { claimDataFolder } from './data-folder.js';
export type { DataFolder } from './data-folder.js';
export { describeComponent } from './component.js';
export type { Component, ComponentName, Source } from './component.js';

// Private servers that fault tests may break
export { startKafka, startPostgres, startRedis } from './private-servers.js';
export type {
  KafkaHandle,
  PostgresHandle,
  PrivateKafkaOptions,
  PrivateServerOptions,
  RedisHandle,
} from './private-servers.js';

// Databases
export { createDatabase } from './database.js';
export type { OwnDatabase } from './database.js';

// Topics
export { OwnTopics } from './own-topics.js';

// Errors
export {
  ComponentStartError,
  DataFolderInUseError,
  GivenComponentUnreachableError,
  InfrastructureMissingError,
  RunEndedError,
} from './devstack.errors.js';

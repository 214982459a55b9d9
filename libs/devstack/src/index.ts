// The stack
export { startDevstack } from './start-devstack.js';
export type { Devstack, DevstackOptions } from './start-devstack.js';
export { describeComponent } from './component.js';
export type { Component, ComponentName, Source } from './component.js';

// Databases
export { createDatabase } from './database.js';
export type { OwnDatabase } from './database.js';

// Errors
export {
  ComponentStartError,
  GivenComponentUnreachableError,
  InfrastructureMissingError,
  RunEndedError,
} from './devstack.errors.js';

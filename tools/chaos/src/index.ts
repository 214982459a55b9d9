// The loss of an executor
export { runTakeover } from './takeover/takeover.js';
export type { TakeoverOptions, TakeoverReport, TakeoverRun } from './takeover/takeover.js';

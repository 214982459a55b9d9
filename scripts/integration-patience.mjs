import { jest } from '@jest/globals';

// Jest's default of five seconds is too short here. A hook that drops a database waits for a checkpoint of the writes
// of all other files. Jest reads `testTimeout` only for the whole run and ignores a project's.
jest.setTimeout(60_000);

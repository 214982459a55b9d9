import { jest } from '@jest/globals';

// Jest's five seconds are for tests that wait for nobody. A hook that drops a database waits for a checkpoint of everything
// that the other files write meanwhile. Jest reads `testTimeout` of the whole run alone and passes over a project's.
jest.setTimeout(60_000);

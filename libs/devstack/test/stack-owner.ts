/** A program that starts a stack, says so in one line, and then only waits to be ended by a test. */
import { startDevstack } from '../src/index.js';

const { kafkaBrokers, databaseUrl, redisUrl } = await startDevstack();
console.log(JSON.stringify({ kafkaBrokers, databaseUrl, redisUrl }));
setInterval(() => undefined, 60_000);

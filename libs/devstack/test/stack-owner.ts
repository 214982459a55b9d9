/**
 * A program that starts the components that it is given as arguments, or all, says so in one line, and then only waits
 * to be ended by a test.
 */
import { startDevstack } from '../src/index.js';
import type { ComponentName } from '../src/index.js';

const need = process.argv.slice(2) as ComponentName[];
const { kafkaBrokers, databaseUrl, redisUrl } = await startDevstack(need.length === 0 ? {} : { need });
console.log(JSON.stringify({ kafkaBrokers, databaseUrl, redisUrl }));
setInterval(() => undefined, 60_000);

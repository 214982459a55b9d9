/**
 * A program that starts the components in its arguments, or all of them. It prints one line, and then waits until a
 * test ends it.
 */
import { startDevstack } from '../src/index.js';
import type { ComponentName } from '../src/index.js';

const need = process.argv.slice(2) as ComponentName[];
const { kafkaBrokers, databaseUrl, redisUrl } = await startDevstack(need.length === 0 ? {} : { need });
console.log(JSON.stringify({ kafkaBrokers, databaseUrl, redisUrl }));
setInterval(() => undefined, 60_000);
